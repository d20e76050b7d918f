import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Holds the template of every described configuration against cfn-lint, where it is installed.

/** What is not judged, and why. */
const ignored = {
  W3005:
    'CDK writes the dependency on a role beside the reference to it, so that its policy is there too: said twice, and no harm.',
} as const;

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-cfn-lint-'));
try {
  const written = spawnSync(
    process.execPath,
    [join(import.meta.dirname, 'write-templates.ts'), folder],
    { encoding: 'utf8' },
  );
  if (written.status !== 0) throw new Error(written.stderr);
  const files = readdirSync(folder).filter((file) => file.endsWith('.template.json'));
  const resources = files
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')).Resources)
    .flatMap((each: object) => Object.keys(each)).length;
  const run = spawnSync(
    'cfn-lint',
    [
      '--format',
      'parseable',
      '--ignore-checks',
      ...Object.keys(ignored),
      '--template',
      ...files.map((file) => join(folder, file)),
    ],
    { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  if (run.error) throw run.error;
  const findings = run.stdout.split('\n').filter((line) => line.includes('.template.json:'));
  for (const finding of findings) console.error(finding.slice(folder.length + 1));
  console.log(
    `cfn-lint: ${files.length} templates, ${resources} resources, ${findings.length} findings` +
      ` (${Object.keys(ignored).join(', ')} not judged)`,
  );
  if (findings.length === 0 && run.status !== 0) throw new Error(run.stderr || run.stdout);
  if (findings.length > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
