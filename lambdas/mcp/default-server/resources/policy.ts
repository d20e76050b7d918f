import { defineResource } from '../../authoring/define-resource.ts';
import { posture } from '../posture.ts';

export default defineResource({
  uri: 'gatehouse://policy',
  name: 'policy',
  title: 'Security policy',
  description: 'The security policy in force on this server, as JSON.',
  mimeType: 'application/json',
  scopes: [],
  read: () => JSON.stringify(posture, undefined, 2),
});
