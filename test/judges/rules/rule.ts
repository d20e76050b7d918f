import type { JudgedTemplate, TemplateResource } from '../templates.ts';

/** A rule that AWS's own model does not have, and that some deployment was once refused by. */
export interface Rule {
  /** What holds where the rule is kept. */
  readonly name: string;
  /** Says of each thing in a template that breaks the rule what it is. */
  readonly judge: (template: JudgedTemplate) => readonly string[];
}

/** The resources of a type, with their logical ids. */
export const ofType = (
  { resources }: JudgedTemplate,
  type: string,
): readonly (readonly [string, TemplateResource])[] =>
  Object.entries(resources).filter(([, resource]) => resource.Type === type);
