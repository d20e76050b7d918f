import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CfnGuardValidator } from '@cdklabs/cdk-validator-cfnguard';
import { CfnStage } from 'aws-cdk-lib/aws-apigateway';
import { App, Stack, Validations } from 'aws-cdk-lib/core';
import * as z from 'zod';
import { Gatehouse } from '../../lib/gatehouse.ts';
import { guardRules } from '../../lib/guard-rules.ts';
import { judgeByGuard } from './guard.ts';
import { weaknesses } from './guard-faults.ts';
import { templateOf, templates } from './templates.ts';

const minutes = 5 * 60_000;

const rules = readdirSync(guardRules).flatMap((file) =>
  Array.from(
    readFileSync(join(guardRules, file), 'utf8').matchAll(/^rule (\w+)/gm),
    ([, name = '']) => name,
  ),
);

test(
  'every described configuration keeps every rule, and each rule has something to judge',
  () => {
    const judged = judgeByGuard(
      new Map(templates().map((each) => [`${each.configuration} (${each.stack})`, each])),
    );
    const broken = [...judged].flatMap(([name, each]) =>
      each.broken.map((rule) => `${name}: ${rule}`),
    );
    expect(broken).toEqual([]);
    const kept = new Set([...judged.values()].flatMap((each) => each.kept));
    expect(rules.filter((rule) => !kept.has(rule))).toEqual([]);
    expect(rules.length).toBeGreaterThan(25);
    console.info(`cfn-guard: ${judged.size} templates, ${rules.length} rules, 0 broken`);
  },
  minutes,
);

describe('a weakened template breaks', () => {
  const sound = templateOf('stage, production');
  let judged: ReturnType<typeof judgeByGuard>;
  beforeAll(() => {
    judged = judgeByGuard(new Map(weaknesses.map(({ weakness, put }) => [weakness, put(sound)])));
  }, minutes);

  test.each(weaknesses.map(({ rule, weakness }) => [rule, weakness] as const))(
    '%s: %s',
    (rule, weakness) => {
      expect(judged.get(weakness)?.broken).toContain(rule);
    },
  );

  test('every rule', () => {
    expect([...new Set(weaknesses.map(({ rule }) => rule))].sort()).toEqual([...rules].sort());
  });
});

describe('the rules as a plugin on the app of a team', () => {
  const report = z.object({
    pluginReports: z.array(z.object({ violations: z.array(z.object({ ruleName: z.string() })) })),
  });

  /** Names of the rules for which a synthesis failed. */
  const broken = (weaken: (stage: CfnStage) => void): readonly string[] => {
    const outdir = mkdtempSync(join(tmpdir(), 'gatehouse-guarded-'));
    try {
      const app = new App({ outdir, builtinCloudFormationValidation: false });
      const { api } = new Gatehouse(new Stack(app, 'Orders'), 'Mcp', { urlMode: 'stage' });
      const { defaultChild } = api.stage.node;
      if (defaultChild instanceof CfnStage) weaken(defaultChild);
      Validations.of(app).addPlugins(
        new CfnGuardValidator({ controlTowerRulesEnabled: false, rules: [guardRules] }),
      );
      const synthesis = { failed: false };
      try {
        app.synth();
      } catch {
        synthesis.failed = true;
      }
      const { pluginReports } = report.parse(
        JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')),
      );
      expect(synthesis.failed).toBe(pluginReports.length > 0);
      return pluginReports.flatMap((each) => each.violations.map(({ ruleName }) => ruleName));
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  };

  test(
    'let a sound Gatehouse pass',
    () => {
      expect(broken(() => {})).toEqual([]);
    },
    minutes,
  );

  test(
    'fail the synthesis of one that was weakened, by the name of the rule',
    () => {
      const found = broken((stage) => {
        stage.methodSettings = [];
      });
      expect(found).toContain('GATEWAY_STAGE_IS_THROTTLED');
    },
    minutes,
  );
});
