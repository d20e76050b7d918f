import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as z from 'zod';
import { distinctParts } from './distinct.ts';
import { wholeTemplates } from './templates.ts';

// Holds the templates of all described configurations to cfn-lint, where it is installed. It looks
// at a resource and at the kinds of those that it names, so that each is judged once; references to
// nothing, names that stand twice and the size of a whole are judged by `npm test`.

/** What is not judged, and why. */
const ignored = {
  W3005:
    'CDK writes the dependency on a role beside the reference to it, so that its policy is there too: said twice, and no harm.',
} as const;

/** A bucket with a property that buckets have not: who does not find it looks at nothing. */
const planted = {
  Resources: { Planted: { Type: 'AWS::S3::Bucket', Properties: { Planted: true } } },
};
const plantedFile = 'planted.template.json';

const findings = z.array(
  z.looseObject({
    Filename: z.string(),
    Location: z.looseObject({
      Path: z.array(z.union([z.string(), z.number()])).nullable(),
      Start: z.looseObject({ LineNumber: z.number() }),
    }),
    Message: z.string(),
    Rule: z.looseObject({ Id: z.string() }),
  }),
);
type Finding = z.infer<typeof findings>[number];

const lint = (files: readonly string[]): readonly Finding[] => {
  const run = spawnSync(
    'cfn-lint',
    ['--format', 'json', '--ignore-checks', ...Object.keys(ignored), '--template', ...files],
    { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  if (run.error) throw run.error;
  try {
    return findings.parse(JSON.parse(run.stdout));
  } catch (error) {
    throw new Error(`cfn-lint: ${run.stderr || run.stdout}`, { cause: error });
  }
};

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-cfn-lint-'));
try {
  const whole = wholeTemplates();
  const names = [...whole.keys()];
  const parts = distinctParts([...whole.values()]);
  const judged = new Map<string, ReadonlySet<string>>([
    [plantedFile, new Set(['Resources/Planted'])],
  ]);
  writeFileSync(join(folder, plantedFile), JSON.stringify(planted));
  for (const [index, part] of parts.entries()) {
    if (part.judged.size === 0) continue;
    const name = names[index] ?? '';
    judged.set(name, part.judged);
    // Indented, so that a finding has a line of its own.
    writeFileSync(join(folder, name), JSON.stringify(part.template, undefined, 1));
  }
  const found = lint([...judged.keys()].map((name) => join(folder, name))).filter(
    ({ Filename, Location: { Path } }) => {
      const [section, id] = Path ?? [];
      // What stands there for company only is judged where it is new.
      return (
        (section !== 'Resources' && section !== 'Outputs') ||
        judged.get(basename(Filename))?.has(`${section}/${id}`)
      );
    },
  );
  const real = found.filter(({ Filename }) => basename(Filename) !== plantedFile);
  for (const { Filename, Location, Rule, Message } of real)
    console.error(
      `${basename(Filename)}: ${Location.Path?.join('/')}: ${Rule.Id} ${Message.trim()}`,
    );
  const count = [...judged.values()].reduce((sum, each) => sum + each.size, 0) - 1;
  console.log(
    `cfn-lint: ${names.length} templates, ${count} resources and outputs that differ, ${real.length} findings` +
      ` (${Object.keys(ignored).join(', ')} not judged)`,
  );
  if (found.length === real.length) throw new Error('cfn-lint did not find a planted fault');
  if (real.length > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
