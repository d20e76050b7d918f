import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { toolSecrets } from '../../policy/tool-secrets.ts';
import type { SecretValues } from './secrets-manager.ts';

/** The lines of `.env.local` in a folder; none where there is no such file. */
export const readSecretValues = (folder: string): SecretValues => {
  const path = join(folder, toolSecrets.localFile);
  if (!existsSync(path)) return {};
  const values = Object.entries(parseEnv(readFileSync(path, 'utf8')));
  return Object.fromEntries(values.flatMap(([name, value = '']) => [[name, value]]));
};
