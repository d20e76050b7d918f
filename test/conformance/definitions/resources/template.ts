import { defineResourceTemplate } from '../../../../lambdas/mcp/define-resource.ts';

export default defineResourceTemplate({
  uriTemplate: 'test://template/{id}/data',
  name: 'template',
  title: 'Template',
  description: 'One resource an id.',
  mimeType: 'application/json',
  scopes: [],
  read: ({ id }) => JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
});
