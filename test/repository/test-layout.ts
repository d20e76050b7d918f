import { dirname } from 'node:path';

/** Rooms whose tests stand where the sources stand: `test/lib/api.test.ts` is about `lib/api.ts`. */
export const mirrored = ['bin', 'lambdas', 'lib', 'local', 'policy'] as const;

/**
 * Tests in those rooms that are about no one file. Each says what it is about instead; every other
 * test has the name of a source file, or of a room.
 */
export const crossCutting: Readonly<Record<string, string>> = {
  'bin/compare/own-word': 'each kind of breaking change, at each place that looks for it',
  'lambdas/access-token/by-schema':
    'random claims, headers and keys beside the schemas that they are read by',
  'lambdas/access-token/properties': 'random tokens against the whole verifier',
  'lambdas/access-token/wycheproof': 'published signature vectors against the whole verifier',
  'lambdas/configuration/configuration': 'the environment of every function',
  'lambdas/mcp/protocol/differential': 'the protocol beside the official SDK',
  'lambdas/mcp/protocol/headers': 'request headers of the revision 2026-07-28',
  'lambdas/mcp/protocol/legacy': 'the revisions of 2025',
  'lambdas/mcp/protocol/lenient': 'what clients send and the specification leaves open',
  'lambdas/mcp/protocol/long-calls': 'progress, deadlines and cancelling',
  'lambdas/mcp/protocol/modern': 'the revision 2026-07-28',
  'lambdas/mcp/protocol/parser': 'random bodies against the whole parser',
  'lambdas/mcp/protocol/results': 'what handlers return, against the protocol’s schema',
  'lambdas/mcp/whole-text': 'text of any length and alphabet through every kind of response',
  'lambdas/middleware/canary': 'secrets that must reach no log and no response',
  'lambdas/middleware/guards': 'the order of the middlewares that refuse',
  'lambdas/middleware/headers-everywhere': 'the header table on every kind of response',
  'lambdas/oauth/attacks': 'the tables of test/attacks against the handlers',
  'lambdas/oauth/login': 'a whole login through the handlers',
  'lambdas/store/grant-items': 'grants and calls in the item of their user',
  'lambdas/store/items': 'the other items, as they are written and read',
  'lambdas/store/races': 'every order of actors on one grant',
  'lambdas/token/cognito-failures': 'every way in which Cognito can fail',
  'lambdas/token/log-lines': 'what the log says of each refusal',
  'lib/bundle/author-faults': 'mistakes of tool authors, and what the build says of them',
  'lib/handles': 'what an app can reach on the construct',
  'lib/package': 'the packed package in an app of its own',
  'lib/strict': '`cdk synth --strict` as a command',
  'lib/secrets': 'templates and bundles without a secret',
  'local/cognito/api': 'the operations of Cognito that the functions call',
  'local/cognito/parsers': 'random requests against the emulated endpoints',
  'local/gateway/throttle': 'the throttles of stage and method',
  'local/map': 'docs/local-runtime.md beside the table of resources',
  'local/synthesis/synthesis': 'the cache of synthesized templates',
  'policy/policy': 'every table of the policy',
};

/** `test/lib/api.slow.test.ts` is about `lib/api`. */
const subjectOf = (test: string): string =>
  test.replace(/^test\//, '').replace(/(?:\.slow)?\.test\.ts$/, '');

/** Tests that are about no source file or room, and names of the list above that no test has. */
export const misplacedTests = (
  paths: readonly string[],
): { readonly misplaced: readonly string[]; readonly unknown: readonly string[] } => {
  const sources = new Set(
    paths
      .filter((path) => mirrored.some((room) => path.startsWith(`${room}/`)))
      .flatMap((path) => [path.replace(/\.c?ts$/, ''), dirname(path)]),
  );
  const subjects = paths
    .filter(
      (path) =>
        path.endsWith('.test.ts') && mirrored.some((room) => path.startsWith(`test/${room}/`)),
    )
    .map(subjectOf);
  return {
    misplaced: subjects.filter(
      (subject) => !sources.has(subject) && crossCutting[subject] === undefined,
    ),
    unknown: Object.keys(crossCutting).filter(
      (name) => !subjects.includes(name) || sources.has(name),
    ),
  };
};
