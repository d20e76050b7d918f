import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { UserError } from '../lib/user-error.ts';
import { messageOf } from '../local/failure.ts';
import type { Outcome } from './terminal/outcome.ts';
import { type ImportedFrom, readToolName, testSource, toolSource } from './tool-source.ts';

/**
 * Writes a tool and its test.
 * @param typed - the tool's name, as models call it
 * @param options - `entry`: the folder of the definitions, where it is not the usual one
 * @throws UserError that says what to do
 */
export const newTool = (
  typed: string,
  options: { readonly entry?: string | undefined },
  cwd: string,
): Outcome => {
  const name = readToolName(typed);
  if (name === undefined)
    throw new UserError(
      `"${typed}" is not a tool name: take lower-case letters, digits and underscores, such as list_orders.`,
    );
  const project = readProject(cwd);
  const entry = resolve(cwd, options.entry ?? project.entry);
  if (!existsSync(entry))
    throw new UserError(
      `There is no folder ${relative(cwd, entry)} here: name the construct's entry with --entry, or make it first.`,
    );
  const tool = join(entry, 'tools', `${name.file}.${project.extension}`);
  // Tests mirror what they test.
  const test = join(
    cwd,
    'test',
    relative(cwd, entry),
    'tools',
    `${name.file}.test.${project.extension}`,
  );
  const from = importedFrom(project, cwd, tool, test);
  writeNew(cwd, [
    { path: tool, source: toolSource(name, from) },
    { path: test, source: testSource(name, from) },
  ]);
  const written = [tool, test].map((path) => relative(cwd, path));
  const runTest = project.runTest(relative(cwd, test));
  const text = [
    ...written.map((path) => `wrote ${path}`),
    '',
    'Next:',
    '  edit the tool',
    `  ${runTest}`,
    `  npx gatehouse start, and call ${name.name} from any MCP client`,
  ].join('\n');
  return { text, json: { name: name.name, written, test: runTest } };
};

/** What a tool and its test look like here. */
interface Project {
  /** Folder of the definitions, unless it is named. */
  readonly entry: string;
  readonly extension: 'ts' | 'mjs';
  /** Gatehouse's own repository, whose sources are imported by their paths. */
  readonly isGatehouse: boolean;
  readonly runner: string | undefined;
  readonly runTest: (path: string) => string;
  /** The ending by which a test imports the tool, where it is not the file's own. */
  readonly importedAs?: '' | '.js';
}

const readProject = (cwd: string): Project => {
  const manifest = readPackage(cwd);
  if (manifest['name'] === 'gatehouse')
    return {
      entry: 'lambdas/mcp/default-server',
      extension: 'ts',
      isGatehouse: true,
      runner: undefined,
      runTest: (path) => `npm run test:unit -- ${path}`,
    };
  const extension = existsSync(join(cwd, 'tsconfig.json')) ? 'ts' : 'mjs';
  const shared = { entry: 'mcp', extension, isGatehouse: false } as const;
  const declared = { ...Object(manifest['dependencies']), ...Object(manifest['devDependencies']) };
  if (Object.hasOwn(declared, 'vitest')) return { ...shared, ...vitest(extension) };
  if (Object.hasOwn(declared, 'jest'))
    return { ...shared, ...jest(extension, manifest['type'] === 'module') };
  return { ...shared, runner: 'node:test', runTest: (path) => `node --test ${path}` };
};

type TestRunner = Pick<Project, 'runner' | 'runTest' | 'importedAs'>;

/** It finds the source of a `.js`, which the compiler takes in every setting. */
const vitest = (extension: Project['extension']): TestRunner => {
  const runner = { runner: 'vitest', runTest: (path: string) => `npx vitest run ${path}` };
  return extension === 'ts' ? { ...runner, importedAs: '.js' } : runner;
};

/**
 * As `cdk init` sets it up, TypeScript becomes CommonJS, where the compiler refuses the ending
 * `.ts`. ES modules keep it, and need Node's flag.
 */
const jest = (extension: Project['extension'], isModule: boolean): TestRunner => {
  if (extension === 'ts' && !isModule)
    return { runner: undefined, runTest: (path) => `npx jest ${path}`, importedAs: '' };
  const runTest = (path: string) => `NODE_OPTIONS=--experimental-vm-modules npx jest ${path}`;
  return { runner: undefined, runTest };
};

const readPackage = (cwd: string): Readonly<Record<string, unknown>> => {
  const path = join(cwd, 'package.json');
  if (!existsSync(path)) return {};
  try {
    return Object(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new UserError(`package.json cannot be read: ${messageOf(error)}`);
  }
};

const importedFrom = (
  { isGatehouse, runner, extension, importedAs }: Project,
  cwd: string,
  tool: string,
  test: string,
): ImportedFrom => {
  const toolWithoutEnding = between(test, tool).slice(0, -`.${extension}`.length);
  const source = (room: string) => join(cwd, 'lambdas', 'mcp', room, 'index.ts');
  return {
    definitions: isGatehouse ? between(tool, source('authoring')) : 'gatehouse/definitions',
    testing: isGatehouse ? between(test, source('testing')) : 'gatehouse/testing',
    tool: `${toolWithoutEnding}${importedAs ?? `.${extension}`}`,
    runner,
  };
};

/** As an import in the one file names the other. */
const between = (importing: string, imported: string): string => {
  const path = relative(dirname(importing), imported).split(sep).join('/');
  return path.startsWith('.') ? path : `./${path}`;
};

/** Either all of them or none. @throws UserError that names one that exists */
const writeNew = (
  cwd: string,
  files: readonly { readonly path: string; readonly source: string }[],
): void => {
  const taken = files.find(({ path }) => existsSync(path));
  if (taken !== undefined) throw new UserError(`${relative(cwd, taken.path)} exists already.`);
  for (const { path, source } of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, source, { flag: 'wx' });
  }
};
