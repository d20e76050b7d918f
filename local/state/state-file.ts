import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { cognitoState } from '../cognito/state.ts';
import { errorCode } from '../failure.ts';
import type { UrlMode } from '../synthesis/cdk-app.ts';

const runtimeState = z.strictObject({
  version: z.literal(1),
  /** `sub` of the demo user. The password is not kept. */
  sub: z.string(),
  /** Values of secrets, by the reference that the template names them with. */
  secrets: z.record(z.string(), z.string()),
  cognito: cognitoState,
  /** Items by table, in DynamoDB's JSON. */
  tables: z.record(z.string(), z.array(z.unknown())),
});

/** What the local runtime keeps between two starts. */
export type RuntimeState = z.infer<typeof runtimeState>;

/** Which of somebody's local runtimes it is. */
export interface StateLocation {
  /** Of the app's cdk.json. */
  readonly folder: string;
  readonly urlMode: UrlMode;
  readonly port: number;
  /** Path of the construct, where the app has several. */
  readonly path?: string | undefined;
}

/** URL mode and port stand in the issuer, so that a state of another one is good for nothing. */
export const stateFile = (location: StateLocation): string =>
  join(location.folder, '.local', 'state', `${stateName(location)}.json`);

/** A name that tells it from somebody's others. */
export const stateName = ({ urlMode, port, path }: StateLocation): string => {
  const name = [urlMode, port, ...(path === undefined ? [] : [path])].join('-');
  return name.replaceAll(/[^\w.-]/g, '_');
};

/** Undefined where there is none, and where it is not one that this version wrote. */
export const readState = (file: string): RuntimeState | undefined => {
  try {
    return runtimeState.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
};

/**
 * Replaces the file at once, so that nobody finds half of one. It holds keys: nobody else on the
 * computer may read it, and no repository takes it in.
 */
export const writeState = (file: string, state: RuntimeState): void => {
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, '.gitignore'), '*\n');
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, JSON.stringify(state), { mode: 0o600 });
  renameSync(fresh, file);
};

export const forgetState = (file: string): void => rmSync(file, { force: true });
