import * as z from 'zod/mini';
import { defineTool } from '../../authoring/define-tool.ts';

export default defineTool({
  name: 'whoami',
  title: 'Who am I',
  description:
    'Says as whom you are calling: the logged-in user, the client, and what it was granted.',
  input: z.object({}),
  output: z.object({
    sub: z.string().check(z.describe('Stable identifier of the user')),
    username: z.string(),
    email: z.optional(z.string().check(z.describe('Present when the client profile grants it'))),
    name: z.optional(z.string().check(z.describe('What people call the user'))),
    scopes: z.readonly(
      z.array(z.string()).check(z.describe('Granted scopes, with those that they imply')),
    ),
    groups: z.optional(z.readonly(z.array(z.string()))),
    clientId: z.string(),
    profile: z.string().check(z.describe('Client profile: claude, julius, loopback, …')),
  }),
  scopes: [],
  annotations: { readOnlyHint: true, openWorldHint: false },
  handler: (_input, { caller }) => caller,
});
