import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { capacityOfAcl } from './rules/firewall.ts';
import { ofType } from './rules/rule.ts';
import { rules } from './rules/rules.ts';
import { templateFaults } from './template-faults.ts';
import { templateOf, templates } from './templates.ts';
import { testedFaults } from './tested-faults.ts';

const root = join(import.meta.dirname, '..', '..');

const ruleOf = (name: string) => {
  const rule = rules.find((each) => each.name === name);
  if (rule === undefined) throw new Error(`No rule is called "${name}"`);
  return rule;
};

describe('in every described configuration', () => {
  test.each(rules.map((rule) => [rule.name, rule] as const))('%s', (_, { judge }) => {
    const broken = templates().flatMap((template) =>
      judge(template).map((what) => `${template.configuration}: ${what}`),
    );
    expect(broken).toEqual([]);
  });

  test('the capacity of each web ACL is counted', () => {
    const units = templates().flatMap((template) =>
      ofType(template, 'AWS::WAFv2::WebACL').map(([, { Properties }]) => capacityOfAcl(Properties)),
    );
    console.info(`Web ACLs: ${units.length}, of at most ${Math.max(...units)} capacity units`);
    expect(Math.min(...units)).toBeGreaterThan(0);
  });
});

describe('a fault put back is found', () => {
  test.each(templateFaults.map(({ fault, ...rest }) => [fault, rest] as const))(
    '%s',
    (_, { into, put, rule }) => {
      const template = templateOf(into);
      const { judge } = ruleOf(rule);
      expect(judge(template)).toEqual([]);
      expect(judge(put(template))).not.toEqual([]);
    },
  );

  test('by every rule', () => {
    const used = new Set(templateFaults.map(({ rule }) => rule));
    expect(rules.map(({ name }) => name).filter((name) => !used.has(name))).toEqual([]);
  });

  test.each(testedFaults.map((each) => [each.fault, each] as const))('%s', (_, { file, test }) => {
    expect(readFileSync(join(root, file), 'utf8')).toContain(test);
  });

  test('as the table says', () => {
    const rows = [
      ...templateFaults.map(({ fault, rule }) => `${fault} | test/judges/rules.test.ts: ${rule}`),
      ...testedFaults.map(({ fault, file, test }) => `${fault} | ${file}: ${test}`),
    ];
    console.info(['fault | test', ...rows].join('\n'));
    expect(rows.length).toBeGreaterThan(20);
  });
});
