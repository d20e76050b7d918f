import { basename, dirname, join } from 'node:path';
import { type FunctionName, functionNames } from '../../policy/functions.ts';
import type { ScopeDefinition } from '../../policy/scopes.ts';
import { recordOf } from '../record-of.ts';
import {
  type Bundle,
  BundleError,
  type BundlingOptions,
  build,
  buildText,
  bundlesOf,
  extension,
  lambdas,
  shared,
  withMap,
} from './build.ts';
import { type Definitions, definitionFolders, definitionsIn } from './definitions.ts';
import { handlerEntry } from './entries.ts';
import { type Manifest, type StackRules as ManifestRules, readManifest } from './manifest.ts';
import type { ImportEnvironment } from './manifest-process.ts';

/** The functions' code, and what the definitions say of themselves. */
export interface Bundles {
  readonly byFunction: Readonly<Record<FunctionName, Bundle>>;
  readonly manifest: Manifest;
  /** Absolute paths of the folders that hold the definitions and what they import of the team's own. */
  readonly sources: readonly string[];
}

/** What the stack says about the definitions, and of scopes what the functions need. */
export interface StackRules extends Omit<ManifestRules, 'scopes'> {
  readonly scopes?: Readonly<Record<string, ScopeDefinition>>;
  /** What it chose in the place of the policy's figures, for the tool that tells them. */
  readonly policy?: Readonly<Record<string, unknown>>;
}

/** Where the product's own tools/, prompts/ and resources/ are. */
const ownDefinitions = join(lambdas, 'mcp', 'default-server');

const bundled = new Map<string, Bundles>();

/**
 * Bundles every function once a process: three esbuild runs, the second of them being the
 * definitions describing themselves.
 * @param definitions the folder with tools/, prompts/ and resources/
 * @param options how their code is bundled; the other functions are not touched by it
 * @param environment what they have at import, which is when they describe themselves
 * @param rules what the stack says about them
 */
export const bundles = (
  definitions: string = ownDefinitions,
  options: BundlingOptions = {},
  environment: ImportEnvironment = { variables: {} },
  rules: StackRules = {},
): Bundles => {
  const key = JSON.stringify([definitions, options, environment, rules]);
  const known = bundled.get(key);
  if (known !== undefined) return known;
  const found = definitionsIn(definitions);
  if (found.every(({ files }) => files.length === 0))
    throw new BundleError(
      `${definitions} holds no definition: it should have a folder ${definitionFolders.join('/, ')}/ with .ts or .js files.`,
    );
  const made = bundleAll(definitions, found, options, environment, rules);
  bundled.set(key, made);
  return made;
};

const bundleAll = (
  root: string,
  found: Definitions,
  options: BundlingOptions,
  environment: ImportEnvironment,
  rules: StackRules,
): Bundles => {
  const { scopes = {}, policy = {}, ...others } = rules;
  const { manifest: described, sources } = readManifest(root, found, options, environment, {
    ...others,
    scopes: Object.keys(scopes),
  });
  const define = asTexts({
    REQUIRED_SCOPES: described.requiredScopes,
    OWN_SCOPES: scopes,
    ACCESS: described.access,
    SERVER_IDENTITY: described.identity,
  });
  const handlers = functionNames.filter((name) => name !== 'mcp');
  const { outputFiles } = build({
    ...shared,
    ...withMap,
    define,
    entryPoints: Object.fromEntries(
      handlers.map((name) => [`${name}/index`, join(lambdas, name, `handler${extension}`)]),
    ),
    outdir: lambdas,
  });
  const built = [...bundlesOf(outputFiles, root)];
  const of = (name: FunctionName): Bundle => {
    const [, bundle] = built.find(([path]) => basename(dirname(path)) === name) ?? [];
    if (bundle === undefined) throw new Error(`esbuild made no bundle of ${name}`);
    return bundle;
  };
  return {
    byFunction: recordOf(functionNames, (name) =>
      name === 'mcp'
        ? buildText(
            root,
            handlerEntry(found, described),
            { ...define, ...asTexts({ CONFIGURED_POLICY: policy }) },
            options,
          )
        : of(name),
    ),
    manifest: described,
    sources,
  };
};

/**
 * Definitions of esbuild whose values are JSON in a text. Of an object it makes a module of its own
 * that every file of the bundle imports, and each start runs as many calls as there are files.
 */
export const asTexts = (values: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, JSON.stringify(JSON.stringify(value))]),
  );
