import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// Prints what .ci/step left of each step: first what failed, and the end of what it said; then a
// table; and in one line how many tests there were. A step that fails without a failed test counts
// as one. Fails when anything did, or nothing ran.

const folder = process.argv[2];
const linesOfFailure = 40;

const countsOf = (tests) => {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of readdirSync(tests)) {
    const run = JSON.parse(readFileSync(join(tests, file), 'utf8'));
    for (const type of Object.keys(counts)) counts[type] += run[type];
  }
  return counts;
};

const readStep = (name) => {
  const read = (file) => {
    const path = join(folder, name, file);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };
  const status = read('status');
  const [clock = 0, user = 0, system = 0] = read('seconds').trim().split(/\s+/).map(Number);
  const counts = countsOf(join(folder, name, 'tests'));
  const hasFailed = status !== '0' || counts.failed > 0;
  return {
    name: read('name'),
    outcome: status === '' ? 'did not end' : `ended with ${status}`,
    hasFailed,
    clock,
    processor: user + system,
    ...counts,
    failed: counts.failed === 0 && hasFailed ? 1 : counts.failed,
    said: read('output').trimEnd().split('\n').slice(-linesOfFailure),
  };
};

const seconds = (value) => value.toFixed(1).padStart(8);
const steps = readdirSync(folder).sort().map(readStep);
const failed = steps.filter(({ hasFailed }) => hasFailed);
const width = Math.max(4, ...steps.map(({ name }) => name.length));

for (const { name, outcome, said } of failed)
  console.log(`\n== ${name} ${outcome}:\n${said.map((line) => `  ${line}`).join('\n')}`);
console.log(`\n${'step'.padEnd(width)}  seconds  of the processor`);
for (const { name, outcome, hasFailed, clock, processor } of steps)
  console.log(
    `${name.padEnd(width)} ${seconds(clock)} ${seconds(processor)}${hasFailed ? `  FAILED: ${outcome}` : ''}`,
  );

const sum = (type) => steps.reduce((total, step) => total + step[type], 0);
const total = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
console.log(
  `\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`,
);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
