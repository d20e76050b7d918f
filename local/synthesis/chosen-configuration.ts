import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { configFileNames } from '../../policy/deployment.ts';
import { StartupFailure } from '../failure.ts';
import type { Context } from './cdk-app.ts';

/**
 * Which configuration an app's synthesis reads, in words: the operator's own, or none.
 * @throws StartupFailure when there are two, as a deployment does
 */
export const describeConfiguration = (folder: string, context: Context): string => {
  const file = configFileNames.find((name) => existsSync(join(folder, name)));
  const { stage, gatehouse } = context;
  if (file !== undefined && gatehouse !== undefined)
    throw new StartupFailure(
      `${file} is the configuration: take the context key "gatehouse" out of cdk.json and -c.`,
    );
  if (file !== undefined)
    return typeof stage === 'string'
      ? `${file}, stage "${stage}"`
      : `${file}, its only stage or "prod" (another with -c stage=…)`;
  return gatehouse === undefined
    ? 'none of your own, so everything has its default'
    : 'the context key "gatehouse"';
};

const configuration = z.record(z.string(), z.unknown());

/**
 * The context key "gatehouse" as an object: a command line gives it as JSON.
 * @throws StartupFailure when it is neither
 */
export const contextConfiguration = ({ gatehouse }: Context): Readonly<Record<string, unknown>> => {
  if (gatehouse === undefined) return {};
  const read = configuration.safeParse(
    typeof gatehouse === 'string' ? parse(gatehouse) : gatehouse,
  );
  if (read.success) return read.data;
  throw new StartupFailure(
    'The context key "gatehouse" is a JSON object, as in -c gatehouse=\'{"profiles":[]}\'.',
  );
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
