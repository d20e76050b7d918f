import type { Template } from 'aws-cdk-lib/assertions';
import { keepWarm } from '../../policy/keep-warm.ts';
import { properties, resources, synthesized, withDomain } from './synthesized.ts';

const schedules = (template: Template) =>
  Object.entries(resources(template, 'AWS::Events::Rule')).filter(
    ([, { Properties }]) => Properties['ScheduleExpression'] !== undefined,
  );
const targetsOf = (template: Template): readonly { Id: string; Arn: unknown; Input: string }[] =>
  schedules(template).flatMap(([, { Properties }]) => Properties['Targets']);
const provisioned = (...names: readonly string[]) => ({
  ...withDomain,
  concurrency: Object.fromEntries(names.map((name) => [name, { provisioned: 1 }])),
});

describe('what a first call after a pause meets', () => {
  test('is called every few minutes, with an event that no request has', () => {
    const template = synthesized();
    const [[id, schedule] = []] = schedules(template);
    expect(schedules(template)).toHaveLength(1);
    expect(schedule?.Properties['ScheduleExpression']).toBe(
      `rate(${keepWarm.everyMinutes} minutes)`,
    );
    expect(targetsOf(template).map(({ Id }) => Id)).toEqual(keepWarm.functions);
    for (const { Input } of targetsOf(template))
      expect(JSON.parse(Input)).toEqual({ keepWarm: true });
    const permissions = properties(template, 'AWS::Lambda::Permission').filter(
      ({ SourceArn }) =>
        JSON.stringify(SourceArn) === JSON.stringify({ 'Fn::GetAtt': [id, 'Arn'] }),
    );
    expect(permissions.map(({ FunctionName }) => FunctionName)).toEqual(
      targetsOf(template).map(({ Arn }) => Arn),
    );
    expect(new Set(permissions.map(({ Principal }) => Principal))).toEqual(
      new Set(['events.amazonaws.com']),
    );
  });

  test('is what API Gateway invokes, also where that is an alias', () => {
    const canary = { ...withDomain, deployment: { canary: '10% for 5 minutes' } };
    const template = synthesized(canary);
    const aliases = Object.keys(resources(template, 'AWS::Lambda::Alias'));
    for (const { Arn } of targetsOf(template)) expect(aliases).toContain(Object(Arn).Ref);
  });

  test('needs no call where instances are provisioned', () => {
    expect(targetsOf(synthesized(provisioned('mcp'))).map(({ Id }) => Id)).toEqual([
      'authorizer',
      'token',
    ]);
    expect(schedules(synthesized(provisioned(...keepWarm.functions)))).toEqual([]);
  });

  test('is left alone by `keepWarm: false`', () => {
    expect(schedules(synthesized({ ...withDomain, keepWarm: false }))).toEqual([]);
  });
});
