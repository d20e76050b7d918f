import * as z from 'zod/mini';
import { definePrompt } from '../../authoring/define-prompt.ts';
import { isPostureSection, posture, postureSections } from '../posture.ts';

export default definePrompt({
  name: 'review_posture',
  title: 'Review the security posture',
  description: 'Asks for a review of the security policy in force on this server.',
  arguments: z.object({
    section: z.optional(
      z.string().check(z.describe('One section of the policy; the whole policy when absent')),
    ),
  }),
  scopes: [],
  complete: { section: postureSections },
  handler: ({ section }) => {
    const uri =
      section === undefined
        ? 'gatehouse://policy'
        : `gatehouse://policy/${encodeURIComponent(section)}`;
    const shown = section !== undefined && isPostureSection(section) ? posture[section] : posture;
    return [
      {
        role: 'user',
        content: {
          type: 'text',
          text: 'Review the security policy below. Name each control that is weaker than OWASP or the MCP specification recommend, say what it exposes, and propose one figure or rule that would close it. Say so where nothing is to be done.',
        },
      },
      {
        role: 'user',
        content: {
          type: 'resource',
          resource: {
            uri,
            mimeType: 'application/json',
            text: JSON.stringify(shown, undefined, 2),
          },
        },
      },
    ];
  },
});
