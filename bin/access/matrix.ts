import * as z from 'zod';

const audience = z.union([z.literal('everybody'), z.array(z.string())]);
const audiences = z.record(z.string(), audience);

/** Who may use what in a deployment, as its template says it. */
export const accessTable = z.object({
  tools: audiences,
  prompts: audiences,
  resources: audiences,
  resourceTemplates: audiences,
});

export type AccessTable = z.infer<typeof accessTable>;

const titles = {
  tools: 'tools',
  prompts: 'prompts',
  resources: 'resources',
  resourceTemplates: 'resource templates',
} as const satisfies Record<keyof AccessTable, string>;

const lists = ['tools', 'prompts', 'resources', 'resourceTemplates'] as const;

/** Every group that decides about something. */
export const groupsOf = (table: AccessTable): readonly string[] => {
  const named = lists
    .flatMap((list) => Object.values(table[list]))
    .flatMap((each) => (each === 'everybody' ? [] : each));
  return [...new Set(named)].sort();
};

/** Whether a member of this group, or somebody in none, may use it. */
const isFor = (given: z.infer<typeof audience>, group: string | undefined): boolean =>
  given === 'everybody' || (group !== undefined && given.includes(group));

/** A line for each definition, a column for each group and one for people in none. */
export const matrix = (table: AccessTable): string => {
  const columns = [undefined, ...groupsOf(table)];
  const heads = columns.map((group) => group ?? 'in no group');
  const width = Math.max(...lists.flatMap((list) => Object.keys(table[list])).map(length), 0) + 4;
  const line = (first: string, cells: readonly string[]) =>
    [first.padEnd(width), ...cells.map((cell, index) => cell.padEnd(length(heads[index])))]
      .join('  ')
      .trimEnd();
  const sections = lists
    .filter((list) => Object.keys(table[list]).length > 0)
    .map((list) => {
      const rows = Object.entries(table[list]).map(([key, given]) =>
        line(
          `  ${key}`,
          columns.map((group) => (isFor(given, group) ? 'yes' : '-')),
        ),
      );
      return [line(titles[list], heads), ...rows].join('\n');
    });
  return sections.join('\n\n');
};

const length = (text = ''): number => text.length;
