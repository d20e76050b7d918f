import { defineResource } from '../../../../lambdas/mcp/authoring/define-resource.ts';

export default defineResource({
  uri: 'test://watched-resource',
  name: 'watched-resource',
  title: 'Watched',
  description: 'Would be watched, where there is a session to watch from.',
  mimeType: 'text/plain',
  scopes: [],
  read: () => 'Watched resource content',
});
