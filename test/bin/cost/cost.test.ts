import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import {
  type Item,
  itemOfMachines,
  itemsOfTrail,
  itemsPerMillion,
  monthlyItems,
  sumOf,
} from '../../../bin/cost/cost.ts';
import { assumedCall, thousandMachineTokens } from '../../../bin/cost/prices.ts';
import type { urlModes } from '../../../policy/deployment.ts';
import { machineProfile } from '../../../policy/machines.ts';
import { changed } from '../../judges/sabotage.ts';
import { templateOf } from '../../judges/templates.ts';
import { accessLogLine, auditLines } from './lines.ts';
import { costBlocks, costChart } from './page.ts';

const textOf = (path: string): string =>
  readFileSync(join(import.meta.dirname, '..', '..', '..', path), 'utf8');
const document = textOf('docs/cost.md');
const templateOfMode = (mode: (typeof urlModes)[number]) => templateOf(`${mode}, production`);

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

const blocks = () => costBlocks(templateOfMode);

test('docs/cost.md says what each URL mode costs by the month', () => {
  expect(document).toContain(blocks().idle);
});

test('docs/cost.md says what a million calls cost in each URL mode, with the audit trail and without', () => {
  expect(document).toContain(blocks().calls);
  expect(document).toContain(blocks().trail);
});

test('README says what a million calls cost, with the audit trail and without', () => {
  const dollars = (items: readonly Item[]) => sumOf(items).toFixed(2);
  const template = templateOfMode('domain');
  const all = itemsPerMillion(template);
  const trail = itemsOfTrail(template).map(({ what }) => what);
  expect(textOf('README.md')).toContain(
    `A million calls cost ${dollars(all)} dollars by list prices, ${dollars(all.filter(({ what }) => !trail.includes(what)))} without the audit trail`,
  );
});

test('docs/cost.svg shows where it goes', () => {
  expect(textOf('docs/cost.svg')).toBe(costChart(templateOfMode('domain')));
});

test('docs/cost.md says what a call is taken to be', () => {
  for (const figure of Object.values(assumedCall)) expect(document).toContain(String(figure));
});

const onTens = (text: string) => Math.ceil(Buffer.byteLength(text) / 10) * 10;

test('a call is taken to be lines as long as those that are written', async () => {
  const [stage] = Object.values(templateOfMode('domain').resources).filter(
    ({ Type }) => Type === 'AWS::ApiGateway::Stage',
  );
  const { Format: format } = z
    .object({ Format: z.string() })
    .parse(stage?.Properties['AccessLogSetting']);
  expect(onTens(accessLogLine(format))).toBe(assumedCall.accessLogBytes);
  const { line, copy } = await auditLines();
  expect(onTens(line)).toBe(assumedCall.auditLineBytes);
  expect(onTens(copy)).toBe(assumedCall.auditCopyBytes);
});

test('a call is taken to last as long as the bench has measured', () => {
  const measured = (name: string) =>
    Number(
      new RegExp(`^Billed for a warm call.*\\b${name} (\\d+) ms`, 'm').exec(
        textOf('bench/results.md'),
      )?.[1],
    );
  expect({
    authorizerMilliseconds: measured('authorizer'),
    toolMilliseconds: measured('mcp'),
    auditMilliseconds: measured('audit-trail'),
  }).toEqual({
    authorizerMilliseconds: assumedCall.authorizerMilliseconds,
    toolMilliseconds: assumedCall.toolMilliseconds,
    auditMilliseconds: assumedCall.auditMilliseconds,
  });
});

test('docs/cost.md says what a machine costs', () => {
  const { dollars, count } = itemOfMachines(
    {
      resources: {
        Nightly: {
          Type: 'AWS::Cognito::UserPoolClient',
          Properties: { ClientName: machineProfile('nightly') },
        },
      },
    },
    undefined,
  );
  expect(document).toContain(
    `takes ${(count * 1000).toLocaleString('en')} of them at most: ${dollars.toFixed(2)} dollars`,
  );
  expect(document).toContain(`takes 30: ${(0.03 * thousandMachineTokens).toFixed(2)} dollars`);
  expect(document).toContain(`${thousandMachineTokens} dollars for a thousand tokens`);
});
