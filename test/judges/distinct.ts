import type { TemplateResource, WholeTemplate } from './templates.ts';

type Resources = Readonly<Record<string, TemplateResource>>;

/**
 * A part of a template as text, in which each resource is called by its type and a number: parts
 * that differ in logical ids alone have the same text. Where a resource came from is left out.
 */
export const anonymous = (
  part: object,
  resources: Resources,
): { readonly text: string; readonly named: readonly string[] } => {
  const names = new Map<string, string>();
  const json = JSON.stringify(part, (key, value) => (key === 'Metadata' ? undefined : value));
  const text = json.replaceAll(/[A-Za-z0-9]+/g, (word) => {
    if (!Object.hasOwn(resources, word)) return word;
    const name = names.get(word) ?? `${resources[word]?.Type}#${names.size}`;
    names.set(word, name);
    return name;
  });
  return { text, named: [...names.keys()] };
};

export interface DistinctPart {
  /** What no template before it has, and the resources that this names. */
  readonly template: WholeTemplate;
  /** Paths of what is new: `Resources/Table`. What stands there for company is judged elsewhere. */
  readonly judged: ReadonlySet<string>;
}

const chosen = <V>(
  all: Readonly<Record<string, V>>,
  isChosen: (name: string) => boolean,
): Record<string, V> => Object.fromEntries(Object.entries(all).filter(([name]) => isChosen(name)));

/**
 * Templates of which each resource and output stands in one, however many have the like: for judges
 * that look at a resource and at the kinds of those that it names.
 */
export const distinctParts = (templates: readonly WholeTemplate[]): readonly DistinctPart[] => {
  const seen = new Set<string>();
  return templates.map((template) => {
    const { Resources, Outputs, Conditions } = template;
    const judged = new Set<string>();
    const company = new Set<string>();
    for (const [section, parts] of Object.entries({ Resources, Outputs }))
      for (const [id, part] of Object.entries(parts)) {
        const { text, named } = anonymous(part, Resources);
        if (seen.has(text)) continue;
        seen.add(text);
        judged.add(`${section}/${id}`);
        for (const each of named) company.add(each);
      }
    const kept = {
      ...template,
      Resources: chosen(Resources, (id) => company.has(id) || judged.has(`Resources/${id}`)),
      Outputs: chosen(Outputs, (id) => judged.has(`Outputs/${id}`)),
    };
    const text = JSON.stringify([kept.Resources, kept.Outputs]);
    return {
      template: {
        ...kept,
        Conditions: chosen(Conditions, (name) => text.includes(JSON.stringify(name))),
      },
      judged,
    };
  });
};
