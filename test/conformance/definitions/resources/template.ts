import { defineResourceTemplate } from '../../../../lambdas/mcp/authoring/define-resource.ts';
import { icons } from '../media.ts';

export default defineResourceTemplate({
  uriTemplate: 'test://template/{id}/data',
  name: 'template',
  title: 'Template',
  description: 'One resource an id.',
  mimeType: 'application/json',
  scopes: [],
  icons,
  _meta: { 'com.example/kept': true },
  annotations: { priority: 1 },
  read: ({ id }) => JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
});
