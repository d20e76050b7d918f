import { readFileSync } from 'node:fs';
import { protocolVersions } from '../../policy/mcp-methods.ts';
import { expectedFailuresOf, type Run } from './execute.ts';
import { judge } from './suite.ts';

/** `npm run conformance`: what the official suite says of the deployed bundles, as a table. */
const { legacy, modern } = protocolVersions;
const revisions =
  process.argv.length > 2
    ? process.argv.slice(2)
    : [...legacy.toReversed(), ...modern.toReversed()];

/** Scenario to reason, as the file of expected failures has them. */
const expected = (revision: string): ReadonlyMap<string, string> => {
  if (revision === 'authorization') return new Map();
  const text = readFileSync(expectedFailuresOf(revision), 'utf8');
  return new Map(
    [...text.matchAll(/^ {2}- (\S+) # (.+)$/gm)].map(([, scenario = '', reason = '']) => [
      scenario,
      reason,
    ]),
  );
};

/** Extensions that are not implemented; the suite runs them without scoring them. */
const isUnscored = (scenario: string): boolean => scenario.startsWith('tasks-');

const table = ({ revision, checks, passed }: Run): string => {
  const reasons = expected(revision);
  const scenarios = [...new Set(checks.map(({ scenario }) => scenario))]
    .filter((scenario) => !isUnscored(scenario))
    .sort();
  const width = Math.max(...scenarios.map((scenario) => scenario.length));
  const rows = scenarios.map((scenario) => {
    const own = checks.filter((check) => check.scenario === scenario && check.status !== 'INFO');
    const bad = own.filter(({ status }) => status !== 'SUCCESS' && status !== 'SKIPPED');
    const reason = reasons.get(scenario);
    const details =
      reason === undefined
        ? bad.map(({ id, status, reason: said }) => `\n      ${status} ${id}: ${said}`).join('')
        : `  expected: ${reason}`;
    return `  ${scenario.padEnd(width)}  ${`${own.length - bad.length}/${own.length}`.padEnd(6)}${details}`;
  });
  return [`${revision}: ${passed ? 'passed' : 'FAILED'}`, ...rows, ''].join('\n');
};

const runs = await judge(revisions);
for (const run of runs) console.log(table(run));
for (const { passed, output } of runs) if (!passed) console.error(output);
process.exit(runs.every(({ passed }) => passed) ? 0 : 1);
