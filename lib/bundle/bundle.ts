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
import { definitionFolders, definitionsIn } from './definitions.ts';
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

/** What is made of the same arguments is made once a process. */
const once = <A extends readonly unknown[], R>(make: (...given: A) => R): ((...given: A) => R) => {
  const known = new Map<string, R>();
  return (...given) => {
    const key = JSON.stringify(given);
    const made = known.get(key) ?? make(...given);
    known.set(key, made);
    return made;
  };
};

/**
 * Bundles every function: three esbuild runs, the second of them being the definitions describing
 * themselves. Each is made once a process: Gatehouses of one app mostly differ by figures, which
 * stand in the bundle of `mcp` alone.
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
): Bundles => bundleAll(definitions, options, environment, rules);

const bundleAll = once(
  (
    root: string,
    options: BundlingOptions,
    environment: ImportEnvironment,
    { scopes = {}, policy = {}, ...others }: StackRules,
  ): Bundles => {
    const found = definitionsIn(root);
    if (found.every(({ files }) => files.length === 0))
      throw new BundleError(
        `${root} holds no definition: it should have a folder ${definitionFolders.join('/, ')}/ with .ts or .js files.`,
      );
    const { manifest: described, sources } = describedOnce(root, found, options, environment, {
      ...others,
      scopes: Object.keys(scopes),
    });
    const define = asTexts({
      REQUIRED_SCOPES: described.requiredScopes,
      OWN_SCOPES: scopes,
      ACCESS: described.access,
      SERVER_IDENTITY: described.identity,
    });
    const handlers = handlersOnce(root, define);
    return {
      byFunction: recordOf(functionNames, (name) =>
        name === 'mcp'
          ? buildText(
              root,
              handlerEntry(found, described),
              { ...define, ...asTexts({ CONFIGURED_POLICY: policy }) },
              options,
            )
          : handlers(name),
      ),
      manifest: described,
      sources,
    };
  },
);

const describedOnce = once(readManifest);

/** The functions that hold no definition, by their names. */
const handlersOnce = once((root: string, define: Readonly<Record<string, string>>) => {
  const { outputFiles } = build({
    ...shared,
    ...withMap,
    define: { ...define },
    entryPoints: Object.fromEntries(
      functionNames
        .filter((name) => name !== 'mcp')
        .map((name) => [`${name}/index`, join(lambdas, name, `handler${extension}`)]),
    ),
    outdir: lambdas,
  });
  const built = [...bundlesOf(outputFiles, root)];
  return (name: FunctionName): Bundle => {
    const [, bundle] = built.find(([path]) => basename(dirname(path)) === name) ?? [];
    if (bundle === undefined) throw new Error(`esbuild made no bundle of ${name}`);
    return bundle;
  };
});

/**
 * Definitions of esbuild whose values are JSON in a text. Of an object it makes a module of its own
 * that every file of the bundle imports, and each start runs as many calls as there are files.
 */
export const asTexts = (values: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, JSON.stringify(JSON.stringify(value))]),
  );
