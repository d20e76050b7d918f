import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import * as z from 'zod';
import { auditFiles } from '../../policy/audit.ts';
import { printOutcome } from '../terminal/outcome.ts';
import { withProgress } from '../terminal/progress.ts';
import type { Audit } from './audit.ts';

const options = z.object({
  stage: z.string().optional(),
  stack: z.string().optional(),
  out: z.string().default(auditFiles.folder),
  json: z.boolean().default(false),
});

/** The tests are the repository's. Their files are not beside the compiled program. */
const ownTests = (): string =>
  import.meta.filename.endsWith('.js')
    ? "What Gatehouse's own tests said came with the package."
    : 'Run npm test first: each run leaves what its tests said.';

/** `gatehouse audit`. */
export const audit = new Command('audit')
  .description(
    'writes the evidence of each control as a page, JSON and SARIF, with the bill of materials; reaches no account',
  )
  .option('--stage <name>', 'of gatehouse.config.ts')
  .option('--stack <name>', 'where the app has several with a Gatehouse')
  .option('--out <folder>', `where to; what lies there is compared with`, auditFiles.folder)
  .option('--json', 'one line of JSON instead of the summary')
  .addHelpText(
    'after',
    `
It exits with 1 while a control lacks its file, its test's last result, or what the template has to show.
${ownTests()}`,
  )
  .action(async (given: unknown) => {
    const { out, json, ...choice } = options.parse(given);
    const folder = resolve(out);
    const [{ gather }, { makeAudit, isRed }, { write }] = await Promise.all([
      import('./gather.ts'),
      import('./audit.ts'),
      import('./write.ts'),
    ]);
    const material = await gather(process.cwd(), choice);
    const made = makeAudit(material);
    const previous = join(folder, 'audit.json');
    const before: unknown = existsSync(previous)
      ? readJson(readFileSync(previous, 'utf8'))
      : undefined;
    mkdirSync(folder, { recursive: true });
    await withProgress('Writing the audit', async () => {
      for (const [name, text] of Object.entries(write(made, before, material.bill)))
        writeFileSync(join(folder, name), text);
    });
    printOutcome({ text: summary(made, folder), json: made }, json);
    if (isRed(made)) process.exitCode = 1;
  });

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const summary = ({ controls, faults }: Audit, folder: string): string => {
  const red = controls.filter((control) => control.faults.length > 0);
  return [
    ...red.map((control) => `FAIL ${control.id}: ${control.faults.join('; ')}`),
    ...faults.map((fault) => `FAIL ${fault}`),
    `${controls.length - red.length} of ${controls.length} controls have their evidence.`,
    `Read ${join(folder, 'index.html')}`,
  ].join('\n');
};
