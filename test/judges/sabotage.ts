import type { JudgedTemplate, TemplateResource } from './templates.ts';

/** A template in which each resource of a type is another. */
export const changedEach = (
  template: JudgedTemplate,
  type: string,
  change: (resource: TemplateResource) => TemplateResource,
): JudgedTemplate => ({
  ...template,
  resources: Object.fromEntries(
    Object.entries(template.resources).map(([id, resource]) => [
      id,
      resource.Type === type ? change(resource) : resource,
    ]),
  ),
});

/** Writes some properties over those of each resource of a type. */
export const changed =
  (type: string, properties: TemplateResource['Properties']) =>
  (template: JudgedTemplate): JudgedTemplate =>
    changedEach(template, type, (resource) => ({
      ...resource,
      Properties: { ...resource.Properties, ...properties },
    }));

/** Adds a resource. */
export const withResource =
  (id: string, resource: TemplateResource) =>
  (template: JudgedTemplate): JudgedTemplate => ({
    ...template,
    resources: { ...template.resources, [id]: resource },
  });
