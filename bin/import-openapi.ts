import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import * as yaml from 'yaml';
import * as z from 'zod';
import { UserError } from '../lib/user-error.ts';
import { messageOf } from '../local/failure.ts';
import { toolSecrets } from '../policy/tool-secrets.ts';
import { operationSource, parseOperation, toolNameOf } from './openapi-tool.ts';
import type { Outcome } from './terminal/outcome.ts';

const methods = ['get', 'put', 'post', 'delete', 'head', 'patch'] as const;

const document = z.looseObject({
  openapi: z.string().regex(/^3\./),
  servers: z.array(z.looseObject({ url: z.string() })).default([]),
  paths: z.record(z.string().startsWith('/'), z.looseObject({})),
  security: z.unknown().optional(),
  components: z
    .looseObject({ securitySchemes: z.record(z.string(), z.unknown()).default({}) })
    .optional(),
});

/**
 * Writes a tool for each operation of a document. The files are a person's from then on: none is
 * overwritten.
 * @throws UserError that says what to do
 */
export const importOpenapi = (
  file: string,
  options: { readonly entry?: string | undefined; readonly server?: string | undefined },
  cwd: string,
): Outcome => {
  const { raw, api } = readDocument(resolve(cwd, file));
  const server = serverOf(options.server ?? api.servers[0]?.url);
  const folder = join(resolve(cwd, options.entry ?? 'mcp'), 'tools');
  const schemes = Object(inlined(raw, api.components?.securitySchemes ?? {}));
  const imported = Object.entries(api.paths).flatMap(([path, item]) =>
    methods
      .filter((method) => item[method] !== undefined)
      .map((method) => {
        const operation = { security: api.security, ...Object(item[method]) };
        const resolved = inlined(raw, mergedParameters(item, operation));
        return importOne({ method, path, resolved, schemes, server, folder, cwd });
      }),
  );
  const lines = imported.map(({ line }) => line);
  const secrets = [...new Set(imported.flatMap((each) => each.secrets))];
  const next = [
    ...(secrets.length > 0
      ? [
          `Secrets: ${secrets.join(', ')}. Give each in the property tools.secrets, and on your computer as a line of ${toolSecrets.localFile}.`,
        ]
      : []),
    'Next: read each tool, give it the scopes that it needs, and what was left out.',
  ];
  return { text: [...lines, '', ...next].join('\n'), json: { operations: lines, secrets } };
};

const readDocument = (path: string) => {
  if (!existsSync(path)) throw new UserError(`There is no file ${path}.`);
  try {
    // JSON is YAML, too. Aliases are bounded by the parser (maxAliasCount).
    const raw: unknown = yaml.parse(readFileSync(path, 'utf8'));
    return { raw, api: document.parse(raw) };
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw new UserError(`${path} is not an OpenAPI 3 document:\n${reason}`);
  }
};

const serverOf = (url: string | undefined): string => {
  if (url !== undefined && /^https:\/\/[^{}]+$/.test(url) && URL.canParse(url)) return url;
  throw new UserError(
    `The server ${url ?? 'is missing'}${url ? ' is no https URL' : ''}: name it with --server https://….`,
  );
};

/** An operation has its path's parameters, too. */
const mergedParameters = (item: Readonly<Record<string, unknown>>, operation: unknown): unknown => {
  const shared = item['parameters'];
  const own = Object(operation)['parameters'];
  return {
    ...Object(operation),
    parameters: [...(Array.isArray(shared) ? shared : []), ...(Array.isArray(own) ? own : [])],
  };
};

/** How deep references are followed: one that names itself never ends. */
const deepest = 24;

/** The value with each local reference (`#/components/…`) replaced by what it names. */
const inlined = (root: unknown, value: unknown, depth = 0): unknown => {
  if (depth > deepest || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => inlined(root, each, depth + 1));
  const reference: unknown = Reflect.get(value, '$ref');
  if (typeof reference === 'string') return inlined(root, pointedAt(root, reference), depth + 1);
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, inlined(root, each, depth + 1)]),
  );
};

/** RFC 6901, within the document alone. */
const pointedAt = (root: unknown, reference: string): unknown => {
  if (!reference.startsWith('#/'))
    throw new UserError(`${reference}: only references within the document are followed.`);
  return reference
    .slice(2)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (node, part) => (Object.hasOwn(Object(node), part) ? Object(node)[part] : undefined),
      root,
    );
};

interface Imported {
  readonly method: string;
  readonly path: string;
  readonly resolved: unknown;
  /** How the document's operations log in. */
  readonly schemes: Readonly<Record<string, unknown>>;
  readonly server: string;
  readonly folder: string;
  readonly cwd: string;
}

/** What became of one operation. */
interface Result {
  readonly line: string;
  /** Names of the secrets that its tool reads. */
  readonly secrets: readonly string[];
}

const importOne = (given: Imported): Result => {
  const { method, path, resolved, schemes, server, folder, cwd } = given;
  try {
    const operation = parseOperation(method, path, resolved, schemes);
    const name = toolNameOf(operation);
    const file = join(folder, `${name.replaceAll('_', '-')}.ts`);
    if (existsSync(file))
      return { line: `kept  ${relative(cwd, file)}, which exists already`, secrets: [] };
    const source = operationSource(name, server, operation);
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, source, { flag: 'wx' });
    const { leftOut, credentials } = operation;
    const without = leftOut.length > 0 ? `, without ${leftOut.join(', ')}` : '';
    const line = `wrote ${relative(cwd, file)}${without}`;
    return { line, secrets: credentials.map(({ secret }) => secret) };
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    const line = `left  ${method.toUpperCase()} ${path}: ${reason.replaceAll(/\s+/g, ' ')}`;
    return { line, secrets: [] };
  }
};
