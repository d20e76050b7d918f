import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { itemsPerMillion, monthlyItems, sumOf } from '../../../bin/cost/cost.ts';
import { assumedCall } from '../../../bin/cost/prices.ts';
import { urlModes } from '../../../policy/deployment.ts';
import { changed } from '../../judges/sabotage.ts';
import { templateOf } from '../../judges/templates.ts';
import { costTable } from './cost-table.ts';

const document = readFileSync(
  join(import.meta.dirname, '..', '..', '..', 'docs', 'cost.md'),
  'utf8',
);
const templateOfMode = (mode: string) => templateOf(`${mode}, production`);

test('an idle stage of the default configuration costs at most $30 a month', () => {
  const template = templateOf('an empty configuration');
  expect(sumOf(monthlyItems(template))).toBeLessThanOrEqual(30);
  // An account's first three dashboards cost nothing.
  const dashboards = Object.values(template.resources).filter(
    ({ Type }) => Type === 'AWS::CloudWatch::Dashboard',
  );
  expect(dashboards).toHaveLength(1);
});

test('six more rules in each web ACL would be more than that', () => {
  const rule = { Name: 'more' };
  const more = changed('AWS::WAFv2::WebACL', { Rules: Array.from({ length: 12 }, () => rule) });
  expect(sumOf(monthlyItems(more(templateOf('an empty configuration'))))).toBeGreaterThan(30);
});

test('docs/cost.md says what each URL mode costs by the month', () => {
  const table = costTable(
    'a month, idle',
    urlModes.map((mode) => [mode, monthlyItems(templateOfMode(mode))]),
  );
  expect(document).toContain(table);
});

test('docs/cost.md says what a million calls cost in each URL mode', () => {
  const table = costTable(
    'a million calls',
    urlModes.map((mode) => [mode, itemsPerMillion(templateOfMode(mode))]),
  );
  expect(document).toContain(table);
});

test('docs/cost.md says what a call is taken to be', () => {
  for (const figure of Object.values(assumedCall)) expect(document).toContain(String(figure));
});
