import { defineResource } from '../../../../lambdas/mcp/authoring/define-resource.ts';
import { icons } from '../media.ts';

export default defineResource({
  uri: 'test://static-text',
  name: 'static-text',
  title: 'Static text',
  description: 'Text that never changes.',
  mimeType: 'text/plain',
  scopes: [],
  icons,
  _meta: { 'com.example/kept': true },
  size: 48,
  annotations: {
    audience: ['user', 'assistant'],
    priority: 0.5,
    lastModified: '2026-07-28T00:00:00Z',
  },
  read: () => 'This is the content of the static text resource.',
});
