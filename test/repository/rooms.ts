import { posix } from 'node:path';
import type { SourceFile } from './tracked-files.ts';

/**
 * The rooms of `lambdas/`, and the rooms that each may import. The graph has no cycle, so an import
 * that is not listed here is new: it gets a row if it goes down, and is refused if it goes up.
 * A room that is one function is imported by nobody but where it says so.
 */
export const rooms: Readonly<Record<string, readonly string[]>> = {
  logging: [],
  http: ['logging'],
  configuration: [],
  aws: ['configuration', 'http'],
  store: ['aws', 'http'],
  errors: ['aws', 'http', 'logging'],
  'access-token': ['configuration', 'errors', 'http'],
  'user-limit': ['aws', 'errors', 'http', 'logging', 'store'],
  middleware: ['access-token', 'configuration', 'errors', 'http', 'logging', 'user-limit'],
  oauth: ['aws', 'configuration', 'errors', 'http', 'store'],
  'mcp/authoring': ['http', 'logging'],
  'mcp/default-server': ['aws', 'configuration', 'mcp/authoring', 'store', 'user-limit'],
  'mcp/manifest': ['mcp/authoring', 'mcp/default-server'],
  'mcp/execution': ['errors', 'http', 'mcp/authoring', 'mcp/manifest'],
  'mcp/protocol': [
    'configuration',
    'errors',
    'http',
    'logging',
    'mcp/authoring',
    'mcp/execution',
    'mcp/manifest',
  ],
  // For tests alone: no deployed code imports it.
  'mcp/testing': ['errors', 'http', 'mcp/authoring', 'mcp/manifest', 'mcp/protocol'],
  mcp: [
    'access-token',
    'aws',
    'configuration',
    'http',
    'logging',
    'mcp/execution',
    'mcp/manifest',
    'mcp/protocol',
    'middleware',
    'user-limit',
  ],
  authorizer: [
    'access-token',
    'configuration',
    'errors',
    'http',
    'logging',
    'mcp/authoring',
    'mcp/manifest',
    'mcp/protocol',
  ],
  authorization: ['aws', 'configuration', 'errors', 'http', 'middleware', 'oauth', 'store'],
  'audit-trail': ['logging'],
  health: ['access-token', 'aws', 'configuration', 'errors', 'middleware'],
  metadata: ['configuration', 'errors', 'mcp/manifest', 'middleware'],
  'pre-sign-up': ['configuration'],
  'pre-token-generation': [],
  registration: ['aws', 'configuration', 'errors', 'middleware', 'oauth'],
  token: [
    'access-token',
    'aws',
    'configuration',
    'errors',
    'http',
    'logging',
    'middleware',
    'oauth',
    'store',
  ],
};

const importSource = /(?:from|import\(|import) ?'(\.{1,2}\/[^']+)'/g;

/** Imports from one room of `lambdas/` into another that the table does not list. */
export function unlistedImports(
  files: readonly SourceFile[],
  table: Readonly<Record<string, readonly string[]>> = rooms,
): string[] {
  return files.flatMap(({ path, text }) => {
    const from = roomOf(path, table);
    if (from === undefined) return [];
    const allowed = table[from];
    if (allowed === undefined) return [`${path}: the room ${from} is not in the table`];
    return Array.from(text.matchAll(importSource), ([, source = '']) =>
      roomOf(posix.join(posix.dirname(path), source), table),
    )
      .filter((to) => to !== undefined && to !== from)
      .filter((to) => to === undefined || !allowed.includes(to))
      .map((to) => `${path} imports ${to}`);
  });
}

/** A chain of rooms that ends where it began, or undefined. */
export function cycleOf(
  table: Readonly<Record<string, readonly string[]>>,
): readonly string[] | undefined {
  const finished = new Set<string>();
  const visit = (room: string, way: readonly string[]): readonly string[] | undefined => {
    if (way.includes(room)) return [...way, room];
    if (finished.has(room)) return undefined;
    for (const next of table[room] ?? []) {
      const cycle = visit(next, [...way, room]);
      if (cycle !== undefined) return cycle;
    }
    finished.add(room);
    return undefined;
  };
  for (const room of Object.keys(table)) {
    const cycle = visit(room, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

/** The innermost room that the table has: `lambdas/mcp/protocol/` is a room within `lambdas/mcp/`. */
function roomOf(
  path: string,
  table: Readonly<Record<string, readonly string[]>>,
): string | undefined {
  const [, outer, inner] = /^lambdas\/([^/]+)\/(?:([^/]+)\/)?/.exec(path) ?? [];
  const nested = `${outer}/${inner}`;
  return Object.hasOwn(table, nested) ? nested : outer;
}
