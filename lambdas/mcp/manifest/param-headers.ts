import * as z from 'zod';

/**
 * A tool's argument that clients of 2026-07-28 mirror in a header ("Custom Headers from Tool
 * Parameters").
 */
export interface ParamHeader {
  /** `Mcp-Param-Region` */
  readonly header: string;
  /** Where the value stands in the arguments. */
  readonly path: readonly string[];
  readonly type: 'string' | 'integer' | 'boolean';
}

/** RFC 9110 section 5.6.2: `1*tchar`. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

const property = z.looseObject({
  type: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  'x-mcp-header': z.unknown().optional(),
});

/**
 * The headers that an input schema declares. Throws, saying why, where a declaration breaks the
 * specification's rules.
 */
export const paramHeadersOf = (inputSchema: unknown): readonly ParamHeader[] => {
  const headers = reachable(inputSchema, []);
  const declared = occurrences(inputSchema);
  if (declared !== headers.length) {
    throw new Error(
      'x-mcp-header stands where clients cannot reach it: only properties of objects may have one, not items, unions or $defs',
    );
  }
  const names = headers.map(({ header }) => header.toLowerCase());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`${twice} is declared by two properties`);
  return headers;
};

const reachable = (schema: unknown, path: readonly string[]): ParamHeader[] =>
  Object.entries(property.parse(schema).properties ?? {}).flatMap(([name, child]) => {
    const own = [...path, name];
    const { 'x-mcp-header': header, type } = property.parse(child);
    return [
      ...(header === undefined ? [] : [paramHeader(header, type, own)]),
      ...reachable(child, own),
    ];
  });

const paramHeader = (header: unknown, type: unknown, path: readonly string[]): ParamHeader => {
  const where = path.join('.');
  if (typeof header !== 'string' || !token.test(header))
    throw new Error(`x-mcp-header of ${where} is not a header token (RFC 9110)`);
  if (type !== 'string' && type !== 'integer' && type !== 'boolean') {
    throw new Error(
      `x-mcp-header of ${where}: only strings, integers and booleans can be mirrored`,
    );
  }
  return { header: `Mcp-Param-${header}`, path, type };
};

const occurrences = (schema: unknown): number => {
  if (Array.isArray(schema))
    return schema.reduce((sum: number, item) => sum + occurrences(item), 0);
  if (typeof schema !== 'object' || schema === null) return 0;
  return Object.entries(schema).reduce(
    (sum, [key, value]) => sum + (key === 'x-mcp-header' ? 1 : occurrences(value)),
    0,
  );
};
