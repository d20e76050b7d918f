import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod';
import { guardRules } from '../../lib/guard-rules.ts';

const systems: Readonly<Record<string, string>> = { linux: 'ubuntu', darwin: 'macos' };
const processors: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };

/** The program that the validator's package brings along. */
const program = join(
  dirname(createRequire(import.meta.url).resolve('@cdklabs/cdk-validator-cfnguard/package.json')),
  'bin',
  systems[platform()] ?? platform(),
  processors[arch()] ?? arch(),
  'cfn-guard',
);

const report = z.array(
  z.looseObject({
    name: z.string(),
    not_compliant: z.array(z.looseObject({ Rule: z.looseObject({ name: z.string() }) })),
    compliant: z.array(z.string()),
    not_applicable: z.array(z.string()),
  }),
);

export interface Judgement {
  /** Names of the rules that the template breaks. */
  readonly broken: readonly string[];
  readonly kept: readonly string[];
  /** Rules about what the template has not. */
  readonly idle: readonly string[];
}

/** Holds templates, by names of their own, to the rules of guard/, in one run of the program. */
export const judgeByGuard = (
  templates: Readonly<Record<string, object>>,
): ReadonlyMap<string, Judgement> => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-guard-'));
  try {
    const names = Object.keys(templates);
    for (const [index, name] of names.entries())
      writeFileSync(join(folder, `${index}.json`), JSON.stringify(templates[name]));
    const { stdout, stderr, error } = spawnSync(
      program,
      [
        'validate',
        '--rules',
        guardRules,
        '--data',
        folder,
        '--output-format',
        'json',
        '--structured',
        '--show-summary',
        'none',
      ],
      { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
    );
    if (error) throw error;
    // A rule that cannot be read is said here alone, and the run goes on without it.
    if (stderr !== '') throw new Error(stderr);
    const judged = report.parse(JSON.parse(stdout));
    return new Map(
      judged.map((each) => [
        names[Number.parseInt(basename(each.name), 10)] ?? each.name,
        {
          broken: each.not_compliant.map(({ Rule }) => Rule.name),
          kept: each.compliant,
          idle: each.not_applicable,
        },
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
