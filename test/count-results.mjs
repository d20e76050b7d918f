import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// Adds up what results-reporter.mjs left and prints one line. Fails when nothing ran.
const folder = process.argv[2];
const total = { passed: 0, failed: 0, skipped: 0 };
for (const file of readdirSync(folder)) {
  const run = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  for (const type of Object.keys(total)) total[type] += run[type];
}
console.log(
  `${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`,
);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
