import { groupName, groupNameWords } from '../../../policy/groups.ts';
import * as policy from '../../../policy/scopes.ts';
import type { Prompt } from '../authoring/define-prompt.ts';
import {
  type Resource,
  type ResourceTemplate,
  templateVariables,
} from '../authoring/define-resource.ts';
import { isServer, type Server, serverFaults } from '../authoring/define-server.ts';
import type { Tool } from '../authoring/define-tool.ts';
import type { Permission } from '../authoring/permission.ts';
import { presentationFaults } from '../authoring/presentation.ts';
import { percentEncoded } from '../authoring/resource-uri.ts';
import { catalogueOf } from './catalogue.ts';
import { DefinitionError } from './definition-error.ts';
import { shapeFaults, textFaults } from './definition-shape.ts';
import type { Definitions } from './definitions.ts';
import { suggestion } from './nearest-name.ts';
import { limitFaults } from './tool-limits.ts';

export type DefinitionFolder = 'tools' | 'prompts' | 'resources';

/** One file of a folder and what it exports (`import * as module`). */
export type DefinitionFile = readonly [file: string, module: unknown];

/** All files of one server. */
export interface DefinitionFiles
  extends Readonly<Record<DefinitionFolder, readonly DefinitionFile[]>> {
  /** What `server.ts` exports, where there is one. */
  readonly server?: unknown;
}

type Definition = Tool | Prompt | Resource | ResourceTemplate;

const kinds = {
  tools: { kinds: ['tool'], makers: 'defineTool' },
  prompts: { kinds: ['prompt'], makers: 'definePrompt' },
  resources: {
    kinds: ['resource', 'resource template'],
    makers: 'defineResource or defineResourceTemplate',
  },
} as const;

/**
 * Takes every file's default export, and throws {@link DefinitionError} unless all of them can be
 * served.
 */
export const checkedDefinitions = (
  files: DefinitionFiles,
  ownScopes: readonly string[] = [],
): Definitions => {
  const scopes = [...Object.keys(policy.scopes), ...ownScopes];
  const faults: string[] = [];
  const taken = new Map<string, string>();
  const take = <Kind extends Definition>(
    folder: DefinitionFolder,
    is: (definition: Definition) => definition is Kind,
  ): Kind[] =>
    files[folder].flatMap(([file, module]) => {
      const definition = defaultExport(module);
      const path = `${folder}/${file}`;
      if (definition === undefined || !is(definition)) {
        faults.push(
          `${path}: its default export is not made by ${kinds[folder].makers} (shared code belongs outside of ${folder}/)`,
        );
        return [];
      }
      faults.push(...faultsOf(definition, scopes).map((fault) => `${path}: ${fault}`));
      const key = `${folder} ${identity(definition)}`;
      const other = taken.get(key);
      if (other !== undefined)
        faults.push(`${path}: "${identity(definition)}" is already defined in ${other}`);
      taken.set(key, path);
      return [definition];
    });
  const definitions = {
    server: serverIn(files.server, faults),
    tools: take('tools', isTool),
    prompts: take('prompts', isPrompt),
    resources: take('resources', isResource),
  };
  if (faults.length > 0) throw new DefinitionError(faults.join('\n'));
  return definitions;
};

const serverIn = (module: unknown, faults: string[]): Server | undefined => {
  if (module === undefined) return undefined;
  const server = exportedBy(module);
  const wrong = isServer(server)
    ? serverFaults(server)
    : ['its default export is not made by defineServer'];
  faults.push(...wrong.map((fault) => `server.ts: ${fault}`));
  return isServer(server) ? server : undefined;
};

const isTool = (definition: Definition): definition is Tool => definition.kind === 'tool';
const isPrompt = (definition: Definition): definition is Prompt => definition.kind === 'prompt';
const isResource = (definition: Definition): definition is Resource | ResourceTemplate =>
  definition.kind === 'resource' || definition.kind === 'resource template';

const exportedBy = (module: unknown): unknown =>
  typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined;

const defaultExport = (module: unknown): Definition | undefined => {
  const exported = exportedBy(module);
  return isDefinition(exported) ? exported : undefined;
};

// The kind is set by the makers alone; what they were given is typed, and checked below where types
// cannot say it.
const isDefinition = (value: unknown): value is Definition =>
  typeof value === 'object' &&
  value !== null &&
  'kind' in value &&
  Object.values(kinds).some((row) => row.kinds.some((kind) => kind === value.kind));

const identity = (definition: Definition): string => {
  if (definition.kind === 'resource') return percentEncoded(definition.uri);
  return definition.kind === 'resource template' ? definition.uriTemplate : definition.name;
};

/** What is missing or of another type comes first: the other checks rely on it. */
const faultsOf = (definition: Definition, scopes: readonly string[]): string[] => {
  const shape = shapeFaults(definition);
  if (shape.length > 0) return shape;
  return [
    ...describedFaults(definition),
    ...scopeFaults(definition, scopes),
    ...accessFaults(definition),
    ...ownFaults(definition),
  ];
};

// "Tool Names": what every client can show and carry in a header. An object that the bundle holds as
// a literal would take `__proto__` for its prototype, and nobody could use what has that name.
const name = /^(?!__proto__$)[A-Za-z0-9_.-]{1,128}$/;

const describedFaults = (definition: Definition): string[] => [
  ...(name.test(definition.name)
    ? []
    : [
        `the name "${definition.name}" must be 1 to 128 letters, digits, "_", "-" or ".", and not __proto__`,
      ]),
  ...textFaults('title', definition.title, `title: 'List orders'`),
  ...textFaults('description', definition.description, 'it is all that a model knows'),
  ...presentationFaults(definition),
];

const scopeFaults = ({ scopes }: Definition, known: readonly string[]): string[] =>
  scopes
    .filter((scope) => !known.includes(scope))
    .map(
      (scope) =>
        `the scope "${scope}" is neither the policy's nor one of the stack's "scopes"${suggestion(scope, known)}`,
    );

const accessFaults = ({ access }: Definition): string[] => {
  if (access === undefined) return [];
  if (access.groups.length === 0)
    return ['nobody could use it (access.groups is empty): name a group, or leave access out'];
  return access.groups
    .filter((group) => !groupName().test(group))
    .map((group) => `access.groups: "${group}" ${groupNameWords}`);
};

const ownFaults = (definition: Definition): string[] => {
  switch (definition.kind) {
    case 'tool':
      return [
        ...definition.grants.flatMap(grantFaults),
        ...limitFaults(definition.limit),
        ...schemaFaults({ tools: [definition], prompts: [], resources: [] }),
      ];
    case 'prompt':
      return [
        ...completionFaults(definition.complete, Object.keys(definition.arguments._zod.def.shape)),
        ...schemaFaults({ tools: [], prompts: [definition], resources: [] }),
      ];
    case 'resource':
      return [
        ...(URL.canParse(definition.uri) ? [] : [`"${definition.uri}" is not a URI`]),
        ...annotationFaults(definition),
      ];
    case 'resource template':
      return [...templateFaults(definition), ...annotationFaults(definition)];
  }
};

const templateFaults = ({ uriTemplate, complete }: ResourceTemplate): string[] => {
  const variables = templateVariables(uriTemplate);
  const expanded = uriTemplate.replaceAll(/\{\w+\}/g, 'x');
  return [
    ...(variables.length === 0 ? [`"${uriTemplate}" has no variable: use defineResource`] : []),
    // Two could share the text between them in many ways, and a long URI would try each (ReDoS).
    ...(/\}[^/?#]*\{/.test(uriTemplate)
      ? [`"${uriTemplate}" has two variables in one segment`]
      : []),
    ...(new Set(variables).size < variables.length
      ? [`"${uriTemplate}" names a variable twice`]
      : []),
    ...(/[{}]/.test(expanded) || !URL.canParse(expanded)
      ? [`"${uriTemplate}" is not a URI template of level 1 (RFC 6570)`]
      : []),
    ...completionFaults(complete, variables),
  ];
};

const annotationFaults = ({
  annotations: { priority = 0, lastModified } = {},
}: Resource | ResourceTemplate): string[] => [
  ...(priority >= 0 && priority <= 1 ? [] : [`the priority ${priority} is not between 0 and 1`]),
  ...(lastModified === undefined || isoDateTime.test(lastModified)
    ? []
    : [`lastModified "${lastModified}" is not an ISO 8601 date and time with an offset`]),
];

// What the official client takes: a date alone, or a time without an offset, is refused.
const isoDateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

const completionFaults = (
  complete: Readonly<Record<string, unknown>>,
  names: readonly string[],
): string[] =>
  Object.keys(complete)
    .filter((completed) => !names.includes(completed))
    .map((completed) => `completes "${completed}", which is not one of its arguments`);

// A wildcard would grant what nobody reads beside the tool.
const grantFaults = ({ actions, resource, leadingKeys }: Permission): string[] => [
  ...(actions.length === 0 ? ['a grant names no action'] : []),
  ...actions
    .filter((action) => !/^[a-z0-9-]+:[A-Za-z0-9]+$/.test(action))
    .map((action) => `the grant "${action}" is not one IAM action`),
  ...(leadingKeys !== undefined && resource !== 'table'
    ? ['leadingKeys are for the table alone']
    : []),
];

const schemaFaults = (definitions: Definitions): string[] => {
  try {
    catalogueOf(definitions);
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
};
