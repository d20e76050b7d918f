import { percentEncoded } from '../authoring/resource-uri.ts';
import type { Definitions } from './definitions.ts';

/** Who may use a definition: all who may log in, or the members of any of these groups. */
export type Audience = 'everybody' | readonly string[];

/**
 * Who may use what (AUTH-12), by what a request names. Every definition stands in it: one that does
 * not is nobody's.
 */
export interface AccessTable {
  readonly tools: Readonly<Record<string, Audience>>;
  readonly prompts: Readonly<Record<string, Audience>>;
  /** By percent-encoded URI. */
  readonly resources: Readonly<Record<string, Audience>>;
  /** By URI template. */
  readonly resourceTemplates: Readonly<Record<string, Audience>>;
}

/** Whether somebody of these groups may use what has this audience. */
export const mayUse = (audience: Audience | undefined, groups: readonly string[] = []): boolean =>
  audience === 'everybody' || (audience ?? []).some((group) => groups.includes(group));

/** Every group that the table names. */
export const groupsIn = (table: AccessTable): ReadonlySet<string> => {
  const { tools, prompts, resources, resourceTemplates } = table;
  const audiences = [tools, prompts, resources, resourceTemplates].flatMap((list) =>
    Object.values(list),
  );
  return new Set(audiences.flatMap((audience) => (audience === 'everybody' ? [] : audience)));
};

/** The audience of what a request names; undefined where the table does not have it. */
export const audienceOf = (
  table: AccessTable,
  list: keyof AccessTable,
  key: string,
): Audience | undefined => (Object.hasOwn(table[list], key) ? table[list][key] : undefined);

/** One definition, as whoever decides about access reads it. */
export interface AccessRow {
  readonly list: keyof AccessTable;
  readonly name: string;
  /** What a request names it by. */
  readonly key: string;
  /** Such as `tools/list-orders.ts`. */
  readonly file: string;
  readonly audience: Audience;
  readonly scopes: readonly string[];
  readonly destructive: boolean;
}

/** The names of the files, in the order of the definitions. */
export type FileNames = Readonly<
  Record<'tools' | 'prompts' | 'resources', readonly (readonly [file: string, ...unknown[]])[]>
>;

export const accessTable = (rows: readonly AccessRow[]): AccessTable => {
  const of = (list: keyof AccessTable) =>
    Object.fromEntries(
      rows.filter((row) => row.list === list).map(({ key, audience }) => [key, audience]),
    );
  return {
    tools: of('tools'),
    prompts: of('prompts'),
    resources: of('resources'),
    resourceTemplates: of('resourceTemplates'),
  };
};

/** What the definitions say of themselves. */
export const accessRows = (definitions: Definitions, files: FileNames): readonly AccessRow[] =>
  (['tools', 'prompts', 'resources'] as const).flatMap((folder) =>
    definitions[folder].map((definition, index): AccessRow => {
      const { kind, name, scopes, access } = definition;
      const [file = name] = files[folder][index] ?? [];
      return {
        ...addressOf(definition),
        name,
        file: `${folder}/${file}`,
        audience: access === undefined ? 'everybody' : access.groups,
        scopes,
        destructive: kind === 'tool' && definition.annotations.destructiveHint === true,
      };
    }),
  );

const addressOf = (
  definition: Definitions['tools' | 'prompts' | 'resources'][number],
): Pick<AccessRow, 'list' | 'key'> => {
  switch (definition.kind) {
    case 'tool':
      return { list: 'tools', key: definition.name };
    case 'prompt':
      return { list: 'prompts', key: definition.name };
    case 'resource':
      return { list: 'resources', key: percentEncoded(definition.uri) };
    case 'resource template':
      return { list: 'resourceTemplates', key: definition.uriTemplate };
  }
};
