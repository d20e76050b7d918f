import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib/core';
import { configFileNames, configFileStem } from '../policy/deployment.ts';
import { nearest } from '../policy/nearest-word.ts';
import { asOf, stagesIn } from './config-file-stages.ts';
import {
  type Configuration,
  ConfigurationError,
  readConfiguration,
  type StageConfiguration,
} from './configuration.ts';
import { localRuntimeOf } from './local-runtime.ts';
import { sharedName } from './shared-names.ts';

/** What `gatehouse.config.ts` exports: the configuration of each deployment, by its stage's name. */
export interface ConfigFile {
  readonly stages: Readonly<Record<string, StageConfiguration>>;
}

/** Gives the editor what it needs to complete and check `gatehouse.config.ts`. */
export const defineConfig = (config: ConfigFile): ConfigFile => config;

const defaultStage = 'prod';

/** Where a stage stands, and what it says. Not checked yet: `readConfiguration` does that. */
interface ConfiguredStage {
  /** Of the file. */
  readonly name: string;
  /** As messages name it: `gatehouse.config.ts, stage "prod"`. */
  readonly source: string;
  readonly configuration: Readonly<Record<string, unknown>>;
}

/**
 * The name of the configuration file in a folder, if it has one.
 * @throws ConfigurationError for two, and for one of a name that nothing reads: the defaults would
 * be deployed in its place, with another URL
 */
export const configFileIn = (folder: string): string | undefined => {
  const there = existsSync(folder) ? readdirSync(folder) : [];
  const [unread] = there.filter(
    (name) => unreadFile.test(name) && !configFileNames.some((known) => known === name),
  );
  const [only, second] = configFileNames.filter((name) => there.includes(name));
  if (unread !== undefined)
    throw new ConfigurationError(`${unread} is read by nothing: name it ${configFileNames[0]}.`);
  if (second !== undefined)
    throw new ConfigurationError(
      `${only} and ${second} are both there: one of them is the configuration, and nobody knows which.`,
    );
  return only;
};

/** What somebody would take for a configuration. */
const unreadFile = new RegExp(
  `^${configFileStem.replaceAll('.', '\\.')}(?:[cm]?[jt]s|json5?|jsonc|ya?ml)$`,
);

/**
 * Reads one stage of the configuration file in a folder.
 * @returns undefined where there is no such file
 */
const readConfigFile = async (
  folder: string,
  stage: string | undefined,
): Promise<ConfiguredStage | undefined> => {
  const name = configFileIn(folder);
  if (name === undefined) return undefined;
  const stages = await stagesIn(join(folder, name));
  const shared = asOf(name, () => sharedName(stages));
  if (shared !== undefined) throw new ConfigurationError(`${name}: ${shared}`);
  const chosen = stageOf(name, Object.keys(stages), stage);
  const configuration = stages[chosen] ?? {};
  if ('stage' in configuration)
    throw new ConfigurationError(
      `${name}, stage "${chosen}", has a key "stage": its name there is the stage's.`,
    );
  return {
    name,
    source: `${name}, stage "${chosen}"`,
    configuration: { ...configuration, stage: chosen },
  };
};

/**
 * The stage that is meant: the one that was named, else the only one, else `prod`.
 * @param name - of the configuration file
 * @throws ConfigurationError that names those that there are
 */
export const stageOf = (
  name: string,
  known: readonly string[],
  asked: string | undefined,
): string => {
  const [only = defaultStage, ...more] = known;
  const chosen = asked ?? (more.length === 0 ? only : defaultStage);
  if (known.includes(chosen)) return chosen;
  const reason = asked === undefined ? 'has several stages' : `has no stage "${asked}"`;
  const example = (asked === undefined ? undefined : nearest(asked, known)) ?? only;
  throw new ConfigurationError(
    `${name} ${reason}: name one of ${known.join(', ')}, as in -c stage=${example}`,
  );
};

export interface ConfigurationRequest {
  /** Folder of cdk.json, where `gatehouse.config.ts` stands beside it. */
  readonly folder: string;
  /** The context keys "stage" and "gatehouse". */
  readonly stage: unknown;
  readonly context: unknown;
  /** The local runtime sets keys of its own over the file's; it deploys nothing. */
  readonly isLocal: boolean;
}

/**
 * The configuration of this deployment: a stage of the file where there is one (by default the only
 * one, or `prod`), else the context key "gatehouse". Both at once are refused: what is said on a
 * command line today is gone with the next deployment, and URL and issuer change back.
 * @throws ConfigurationError when the file, the stage or the configuration in it cannot be used
 */
export const chooseConfiguration = async ({
  folder,
  stage,
  context,
  isLocal,
}: ConfigurationRequest): Promise<Configuration> => {
  // From cdk.json it can be anything.
  if (stage !== undefined && typeof stage !== 'string')
    throw new ConfigurationError(
      `The context key "stage" is ${JSON.stringify(stage)}: it is the name of a stage, a text.`,
    );
  const file = await readConfigFile(folder, stage);
  if (file === undefined) {
    if (stage !== undefined)
      throw new ConfigurationError(
        `-c stage=… chooses a stage of gatehouse.config.ts, and ${folder} has no such file.`,
      );
    return readConfiguration(context);
  }
  if (context !== undefined && !isLocal)
    throw new ConfigurationError(
      `${file.source} is the configuration: take the context key "gatehouse" out of cdk.json and -c.`,
    );
  const local = typeof context === 'object' && context !== null ? context : {};
  return asOf(file.name, () =>
    readConfiguration(
      { ...file.configuration, ...(isLocal && local) },
      { name: `The configuration (${file.source})`, root: file.source, furtherKeys: [] },
    ),
  );
};

/**
 * The configuration of an app's stage, from `gatehouse.config.ts` beside its cdk.json: `-c
 * stage=dev` chooses one.
 *
 * @example new Gatehouse(stack, 'Mcp', { entry, ...(await configurationOf(app)) });
 * @throws ConfigurationError when the file, the stage or the configuration in it cannot be used
 */
export const configurationOf = (app: App): Promise<Configuration> =>
  chooseConfiguration({
    folder: process.cwd(),
    stage: app.node.tryGetContext('stage'),
    context: app.node.tryGetContext('gatehouse'),
    isLocal: localRuntimeOf(app) !== undefined,
  });
