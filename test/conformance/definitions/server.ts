import { defineServer } from '../../../lambdas/mcp/authoring/define-server.ts';
import { icons } from './media.ts';

/** With everything that it may say of itself, for the suite's schemas to judge. */
export default defineServer({
  name: 'conformance',
  title: 'Conformance',
  version: '1.0.0',
  description: 'The fixtures that the suite asks for.',
  websiteUrl: 'https://example.com',
  icons,
  instructions: 'Nothing here means anything.',
});
