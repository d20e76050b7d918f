import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Stages, stagesIn } from '../../lib/config-file-stages.ts';
import type { Configuration } from '../../lib/configuration.ts';

type OriginSecret = Configuration['originSecret'];

/** A file that mentions it more often is not one that a program should change. */
const mostPlaces = 20;

/** As a person writes it. */
export const written = ({ current, previous }: OriginSecret): string =>
  `originSecret: { current: ${current}${previous === undefined ? '' : `, previous: ${previous}`} }`;

/**
 * Writes the origin secret of a stage into a configuration file. The file is a program, which nobody
 * here understands; so each place where it could stand is tried, in a file beside it, until one
 * says exactly what is wanted: this stage's secret, and everything else as before.
 * @returns false where no place does, and then nothing is written
 */
export const writeOriginSecret = async (
  path: string,
  stage: string,
  secret: OriginSecret,
): Promise<boolean> => {
  const before = await stagesIn(path);
  const wanted: Stages = { ...before, [stage]: { ...before[stage], originSecret: secret } };
  for (const text of candidates(readFileSync(path, 'utf8'), stage, written(secret)))
    if (isDeepStrictEqual(await stagesOf(text, path), wanted)) {
      writeFileSync(path, text);
      return true;
    }
  return false;
};

/** What a text says in the place of the file; undefined where it does not run. */
const stagesOf = async (text: string, path: string): Promise<Stages | undefined> => {
  // Beside it, so that its imports are found; under a name that was never imported.
  const name = `.gatehouse-${randomBytes(8).toString('hex')}${extname(path)}`;
  const trial = join(dirname(path), name);
  try {
    writeFileSync(trial, text, { flag: 'wx' });
    return await stagesIn(trial);
  } catch {
    return undefined;
  } finally {
    rmSync(trial, { force: true });
  }
};

/** The text with the secret in each place where one stands, then as the first key of the stage. */
const candidates = (text: string, stage: string, secret: string): readonly string[] => {
  const replaced = Array.from(text.matchAll(/originSecret\s*:\s*\{[^{}]*\}/g), (found) =>
    spliced(text, found.index, found[0].length, secret),
  );
  const openings = Array.from(text.matchAll(/(['"]?)([\w-]+)\1\s*:\s*\{(\s*)(\}?)/g));
  const inserted = openings
    .filter(([, , key]) => key === stage)
    .map((found) => {
      const [whole, , , space = '', end = ''] = found;
      const at = found.index + whole.length - space.length - end.length;
      const before = space === '' ? ' ' : space;
      return end === ''
        ? spliced(text, at, 0, `${before}${secret},`)
        : spliced(text, at, space.length, ` ${secret} `);
    });
  return [...replaced, ...inserted].slice(0, mostPlaces);
};

const spliced = (text: string, at: number, length: number, by: string): string =>
  `${text.slice(0, at)}${by}${text.slice(at + length)}`;
