import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod';
import { guardRules } from '../../lib/guard-rules.ts';
import type { JudgedTemplate } from './templates.ts';

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

/** Holds templates to the rules of one file of guard/, in one run of the program. */
const judgeByFile = (file: string, templates: readonly string[]): readonly Judgement[] => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-guard-'));
  try {
    for (const [index, template] of templates.entries())
      writeFileSync(join(folder, `${index}.json`), template);
    const { stdout, stderr, error } = spawnSync(
      program,
      [
        'validate',
        '--rules',
        file,
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
    const judged = new Map(
      report.parse(JSON.parse(stdout)).map((each) => [
        Number.parseInt(basename(each.name), 10),
        {
          broken: each.not_compliant.map(({ Rule }) => Rule.name),
          kept: each.compliant,
          idle: each.not_applicable,
        },
      ]),
    );
    return templates.map((_, index) => {
      const judgement = judged.get(index);
      if (judgement === undefined) throw new Error(`${file}: template ${index} was not judged`);
      return judgement;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** The types of resources that the rules of a file look at; they see nothing else of a template. */
const typesIn = (rules: string): ReadonlySet<string> => {
  const uses = rules.match(/\b(?:Resources|Parameters|Conditions|Mappings|Outputs)\b[.[].*/g) ?? [];
  return new Set(
    uses.map((use) => {
      const type = /^Resources\.\*\[ Type == '([\w:]+)'/.exec(use)?.[1];
      if (type === undefined)
        throw new Error(`A rule looks at more than resources of a type: ${use}`);
      return type;
    }),
  );
};

/** Logical ids stay, as rules tell functions by them. */
const textOf = (resources: JudgedTemplate['resources']): string =>
  JSON.stringify({ Resources: resources }, (key, value) =>
    key === 'Metadata' ? undefined : value,
  );

const together = (one: Judgement, other: Judgement): Judgement => ({
  broken: [...one.broken, ...other.broken],
  kept: [...one.kept, ...other.kept],
  idle: [...one.idle, ...other.idle],
});

/**
 * Holds templates, by names of their own, to the rules of guard/. The rules of a file are asked once
 * about all templates that have the same of what they look at.
 */
export const judgeByGuard = (
  templates: ReadonlyMap<string, JudgedTemplate>,
): ReadonlyMap<string, Judgement> => {
  const judgements = new Map<string, Judgement>();
  for (const file of readdirSync(guardRules)) {
    const types = typesIn(readFileSync(join(guardRules, file), 'utf8'));
    const texts = new Map(
      [...templates].map(([name, { resources }]) => {
        const seen = Object.entries(resources).filter(([, { Type }]) => types.has(Type));
        return [name, textOf(Object.fromEntries(seen))];
      }),
    );
    const distinct = [...new Set(texts.values())];
    const judged = judgeByFile(join(guardRules, file), distinct);
    for (const [name, text] of texts) {
      const judgement = judged[distinct.indexOf(text)];
      if (judgement === undefined) throw new Error(`${name} was not judged by ${file}`);
      const before = judgements.get(name);
      judgements.set(name, before === undefined ? judgement : together(before, judgement));
    }
  }
  return judgements;
};
