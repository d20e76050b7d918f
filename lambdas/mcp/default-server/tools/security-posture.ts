import * as z from 'zod/mini';
import { defineTool } from '../../authoring/define-tool.ts';
import { isPostureSection, posture, postureSections } from '../posture.ts';

export default defineTool({
  name: 'security_posture',
  title: 'Security posture',
  description:
    'The security policy in force on this server: limits, lifetimes, scopes, headers, origins, protocol versions and methods.',
  input: z.object({
    section: z.optional(
      z.enum(postureSections()).check(z.describe('One section only; all of them when absent')),
    ),
  }),
  output: z.object({ sections: z.record(z.string(), z.unknown()) }),
  scopes: [],
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  handler: ({ section }) => ({
    sections:
      section !== undefined && isPostureSection(section)
        ? { [section]: posture[section] }
        : posture,
  }),
});
