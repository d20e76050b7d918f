import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import * as z from 'zod';
import { urlModes } from '../policy/deployment.ts';
import { groupName, groupNameWords } from '../policy/groups.ts';
import { nearest } from '../policy/nearest-word.ts';
import { messageOf, StartupFailure } from './failure.ts';
import type { Context, UrlMode } from './synthesis/cdk-app.ts';

/** What somebody typed to start the local runtime. */
export interface Command {
  /** As it is typed, up to the options. */
  readonly name: string;
  /** Folder of the CDK app to emulate. @default this repository's */
  readonly app?: string;
}

export interface Arguments {
  readonly urlMode: UrlMode;
  readonly port: number;
  readonly path?: string;
  readonly context: Context;
  /** Logical ids of resources that are left out on purpose. */
  readonly without: readonly string[];
  /** Groups that the demo user is in. @default those of the last run */
  readonly groups?: readonly string[];
  /** Forgets the state of the last run. */
  readonly fresh: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly help: boolean;
}

const ofApp = `
  --path <construct>                   which Gatehouse, where the app has several: Orders/Mcp`;

export const usage = ({ name, app }: Command): string => `${name} [options]

Emulates the synthesized stack on this computer: API Gateway, WAF, Lambda, Cognito and DynamoDB.

  --url-mode domain|stage|cloudfront   how the deployment is reached (default: domain)
  --port <number>                      where it listens, on 127.0.0.1 and [::1] (default: PORT, else 3000)${app === undefined ? '' : ofApp}
  -c, --context <key>=<value>          CDK context, as with cdk synth (stage=dev); may be repeated
  --without <logical id>               leaves a resource out that is not emulated; may be repeated
  --groups <name>,<name>               groups of the user pool that the demo user is in (default: those of the last run)
  --fresh                              forgets registrations, logins and keys of the last run
  --json                               prints one line of JSON when it is ready, for programs
  --quiet                              prints neither progress nor the functions' log lines
  --help

  GATEHOUSE_DEV_PASSWORD               the demo user's password (default: a random one, printed)`;

const portNumber = z.coerce.number().int().min(0).max(65_535);

/** @throws StartupFailure naming the argument. */
export const readArguments = (
  command: Command,
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Arguments => {
  const {
    'url-mode': mode = 'domain',
    port,
    path,
    context,
    without,
    groups,
    fresh,
    json,
    quiet,
    help,
  } = parse(command, argv);
  const urlMode = z.enum(urlModes).safeParse(mode);
  if (!urlMode.success)
    throw new StartupFailure(`--url-mode is ${mode}: take domain, stage or cloudfront.`);
  const given = port ?? environment['PORT'] ?? '3000';
  const wanted = portNumber.safeParse(given);
  if (!wanted.success || given === '')
    throw new StartupFailure(
      `${port === undefined ? 'PORT' : '--port'} is "${given}": take a number from 0 to 65535.`,
    );
  return {
    urlMode: urlMode.data,
    port: wanted.data,
    context: Object.fromEntries(context.map(keyAndValue)),
    without,
    fresh,
    json,
    quiet,
    help,
    ...(groups !== undefined && { groups: groupNames(groups) }),
    ...(path !== undefined && { path }),
  };
};

const groupNames = (given: string): readonly string[] => {
  const names = given === '' ? [] : given.split(',');
  const wrong = names.find((name) => !groupName().test(name));
  if (wrong !== undefined) throw new StartupFailure(`--groups: "${wrong}" ${groupNameWords}.`);
  return names;
};

const keyAndValue = (given: string): readonly [string, string] => {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(given) ?? [];
  if (key === undefined || value === undefined)
    throw new StartupFailure(`--context is "${given}": take key=value.`);
  return [key, value];
};

const options = {
  'url-mode': { type: 'string' },
  port: { type: 'string' },
  path: { type: 'string' },
  context: { type: 'string', short: 'c', multiple: true, default: [] },
  without: { type: 'string', multiple: true, default: [] },
  groups: { type: 'string' },
  fresh: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  quiet: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} satisfies ParseArgsOptionsConfig;

/** The option that a mistyped one is nearest to. */
const meant = (error: unknown): string => {
  const [, typed] = /^Unknown option '--([^']+)'/.exec(messageOf(error)) ?? [];
  const near = typed === undefined ? undefined : nearest(typed, Object.keys(options));
  return near === undefined ? '' : ` Did you mean --${near}?`;
};

const parse = ({ name, app }: Command, argv: readonly string[]) => {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options,
    });
    if (app === undefined && values.path !== undefined)
      throw new StartupFailure(
        '--path is for apps that use the package: this repository has one Gatehouse',
      );
    return values;
  } catch (error) {
    throw new StartupFailure(`${messageOf(error)}${meant(error)} (see ${name} --help)`);
  }
};
