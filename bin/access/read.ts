import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { UserError } from '../../lib/user-error.ts';
import { policyMetadata } from '../../policy/deployment.ts';
import { type AccessTable, accessTable } from './matrix.ts';

const template = z.object({ Metadata: z.record(z.string(), z.unknown()).default({}) });

/** Who may use what, by the path of each Gatehouse in a cloud assembly. */
export const accessIn = (assembly: string): Readonly<Record<string, AccessTable>> => {
  const entries = readdirSync(assembly, { recursive: true, withFileTypes: true })
    .filter(({ name }) => name.endsWith('.template.json'))
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'))
    .flatMap((text) => Object.entries(template.parse(JSON.parse(text)).Metadata))
    .filter(([key]) => key.startsWith(policyMetadata))
    .map(([key, value]) => [
      key.slice(policyMetadata.length),
      z.object({ access: accessTable }).parse(value).access,
    ]);
  return Object.fromEntries(entries);
};

/** Builds an app as the local runtime does, without an account, and reads what stands in its templates. */
export const accessOfApp = async (
  folder: string,
  context: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, AccessTable>>> => {
  // They load what --help need not load.
  const { synthesizeApp } = await import('../../local/synthesis/synthesize-app.ts');
  const { describeFailure } = await import('../../local/failure.ts');
  try {
    const assembly = await synthesizeApp({ folder, urlMode: 'domain', context });
    try {
      return accessIn(assembly.folder);
    } finally {
      await assembly.stop();
    }
  } catch (error) {
    throw new UserError(describeFailure(error));
  }
};
