import { execFileSync } from 'node:child_process';
import * as z from 'zod';
import { messageOf } from '../../local/failure.ts';

const document = z.looseObject({
  bomFormat: z.literal('CycloneDX'),
  components: z
    .array(
      z.looseObject({
        name: z.string(),
        version: z.string().default(''),
        licenses: z
          .array(
            z.looseObject({
              license: z
                .looseObject({ id: z.string().optional(), name: z.string().optional() })
                .optional(),
              expression: z.string().optional(),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
});

export interface Package {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
}

export interface BillOfMaterials {
  /** CycloneDX, as npm writes it. */
  readonly document: unknown;
  readonly packages: readonly Package[];
  /** Why there is none. */
  readonly fault?: string;
}

/** npm can take a while, and must not hang. */
const mostMilliseconds = 120_000;
const mostBytes = 64 * 1024 * 1024;

/** What the app depends on where it is deployed, by its lockfile. */
export const billOfMaterials = (folder: string): BillOfMaterials => {
  try {
    const written = execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev'], {
      cwd: folder,
      encoding: 'utf8',
      timeout: mostMilliseconds,
      maxBuffer: mostBytes,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const parsed = document.parse(JSON.parse(written));
    const packages = parsed.components.map(({ name, version, licenses }) => ({
      name,
      version,
      licence:
        licenses
          .map(({ license, expression }) => license?.id ?? license?.name ?? expression ?? '')
          .filter((each) => each !== '')
          .join(', ') || 'not said',
    }));
    return { document: parsed, packages };
  } catch (error) {
    return { document: undefined, packages: [], fault: reasonOf(error) };
  }
};

/** npm's own words, where it has any: the message of a failed command is the command. */
const reasonOf = (error: unknown): string => {
  const written = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
  const said = Array.from(
    written.matchAll(/^npm error (?!code |A complete log)(.+)$/gm),
    ([, words]) => words,
  );
  return said[0] ?? messageOf(error).split('\n', 1)[0] ?? '';
};
