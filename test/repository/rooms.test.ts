import { cycleOf, rooms, unlistedImports } from './rooms.ts';
import { filesUnder } from './tracked-files.ts';

describe('the rooms of lambdas/', () => {
  test('import only what the table lists', () => {
    expect(unlistedImports(filesUnder('lambdas'))).toEqual([]);
  });

  test('have no cycle in the table', () => {
    expect(cycleOf(rooms)).toBeUndefined();
  });

  test('an import back up is found, of types and of modules that are loaded later too', () => {
    const found = (text: string) => unlistedImports([{ path: 'lambdas/http/node-http.ts', text }]);
    const refused = ['lambdas/http/node-http.ts imports middleware'];
    expect(found("import { stack } from '../middleware/stack.ts';")).toEqual(refused);
    expect(found("import type { Stack } from '../middleware/stack.ts';")).toEqual(refused);
    expect(found("export * from '../middleware/stack.ts';")).toEqual(refused);
    expect(found("const later = await import('../middleware/stack.ts');")).toEqual(refused);
    expect(found("import { log } from '../logging/log.ts';")).toEqual([]);
  });

  test('a room within a room has arrows of its own', () => {
    const text = "import { dispatcher } from '../protocol/dispatch.ts';";
    expect(unlistedImports([{ path: 'lambdas/mcp/authoring/index.ts', text }])).toEqual([
      'lambdas/mcp/authoring/index.ts imports mcp/protocol',
    ]);
  });

  test('a room without a row is found', () => {
    expect(unlistedImports([{ path: 'lambdas/attic/chest.ts', text: '' }])).toEqual([
      'lambdas/attic/chest.ts: the room attic is not in the table',
    ]);
  });

  test('a cycle between rows is found', () => {
    expect(cycleOf({ a: ['b'], b: ['c'], c: ['b'] })).toEqual(['a', 'b', 'c', 'b']);
  });
});
