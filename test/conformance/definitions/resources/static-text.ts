import { defineResource } from '../../../../lambdas/mcp/define-resource.ts';

export default defineResource({
  uri: 'test://static-text',
  name: 'static-text',
  title: 'Static text',
  description: 'Text that never changes.',
  mimeType: 'text/plain',
  scopes: [],
  read: () => 'This is the content of the static text resource.',
});
