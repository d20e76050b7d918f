import type { Prompt } from '../authoring/define-prompt.ts';
import type { Resource, ResourceTemplate } from '../authoring/define-resource.ts';
import type { Tool } from '../authoring/define-tool.ts';

/**
 * What JavaScript lets somebody leave out or get wrong, and TypeScript refuses: members that are
 * missing or of another type, each with what to write.
 */
export const shapeFaults = (definition: Tool | Prompt | Resource | ResourceTemplate): string[] => [
  ...stringFaults('name', definition.name, `name: 'list_orders'`),
  ...stringFaults('title', definition.title, `title: 'List orders'`),
  ...stringFaults('description', definition.description, 'it is all that a model knows'),
  ...listFaults('scopes', definition.scopes, 'scopes: [] asks for none beside the base scope'),
  ...accessFaults(definition.access),
  ...kindFaults(definition),
];

/** A text that people or models read has to say something. */
export const textFaults = (member: string, text: string, fix: string): string[] =>
  text.trim() === '' ? [`the ${member} is empty: ${fix}`] : [];

const kindFaults = (definition: Tool | Prompt | Resource | ResourceTemplate): string[] => {
  switch (definition.kind) {
    case 'tool':
      return [
        ...schemaFaults('input', definition.input),
        ...(definition.output === undefined ? [] : schemaFaults('output', definition.output)),
        ...objectFaults('annotations', definition.annotations, 'annotations: {} says nothing'),
        ...listFaults('grants', definition.grants, 'leave it out where there is none'),
      ];
    case 'prompt':
      return schemaFaults('arguments', definition.arguments);
    case 'resource':
      return stringFaults('uri', definition.uri, `uri: 'orders://latest'`);
    case 'resource template':
      return stringFaults('uriTemplate', definition.uriTemplate, `uriTemplate: 'orders://{id}'`);
  }
};

const accessFaults = (access: unknown): string[] => {
  if (access === undefined) return [];
  const fix = `access: { groups: ['finance'] }`;
  if (!isRecord(access)) return [`access is not an object: ${fix}`];
  const { groups } = access;
  if (!Array.isArray(groups)) return listFaults('access.groups', groups, fix);
  return groups.every((group) => typeof group === 'string')
    ? []
    : [`access.groups holds what is not a string: ${fix}`];
};

const stringFaults = (member: string, value: unknown, fix: string): string[] => {
  if (typeof value === 'string') return [];
  return [`the ${member} is ${value === undefined ? 'missing' : 'not a string'}: ${fix}`];
};

const listFaults = (member: string, value: unknown, fix: string): string[] =>
  Array.isArray(value)
    ? []
    : [`${member} ${value === undefined ? 'is missing' : 'is not a list'}: ${fix}`];

const objectFaults = (member: string, value: unknown, fix: string): string[] =>
  isRecord(value)
    ? []
    : [`${member} ${value === undefined ? 'is missing' : 'is not an object'}: ${fix}`];

const schemaFaults = (member: string, value: unknown): string[] => {
  const found = foreignSchema(value);
  if (found === undefined) return [];
  return [`its ${member} is ${found}: write z.object({ … }) with zod 4`];
};

/** What stands where a schema of zod 4 belongs; undefined where it is one. */
const foreignSchema = (value: unknown): string | undefined => {
  if (value === undefined) return 'missing';
  if (!isRecord(value)) return 'no schema';
  if ('_zod' in value) return undefined;
  if ('_def' in value) return 'a schema of zod 3';
  const [member] = Object.values(value);
  if (isRecord(member) && '_zod' in member) return 'a bare shape of zod 4';
  if (isRecord(member) && '_def' in member) return 'a bare shape of zod 3';
  const { '~standard': standard } = value;
  if (isRecord(standard)) return `a schema of ${String(standard['vendor'])}`;
  return 'no schema of zod, but perhaps a JSON Schema';
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
