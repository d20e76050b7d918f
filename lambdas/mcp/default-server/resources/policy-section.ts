import { defineResourceTemplate } from '../../authoring/define-resource.ts';
import { isPostureSection, posture, postureSections } from '../posture.ts';

export default defineResourceTemplate({
  uriTemplate: 'gatehouse://policy/{section}',
  name: 'policy-section',
  title: 'One section of the security policy',
  description: 'One section of the security policy in force, as JSON.',
  mimeType: 'application/json',
  scopes: [],
  complete: { section: postureSections },
  read: ({ section }) =>
    isPostureSection(section) ? JSON.stringify(posture[section], undefined, 2) : undefined,
});
