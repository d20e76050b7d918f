import { defineResource } from '../../../../lambdas/mcp/authoring/define-resource.ts';
import { png } from '../media.ts';

export default defineResource({
  uri: 'test://static-binary',
  name: 'static-binary',
  title: 'Static bytes',
  description: 'An image that never changes.',
  mimeType: 'image/png',
  scopes: [],
  read: () => Buffer.from(png, 'base64'),
});
