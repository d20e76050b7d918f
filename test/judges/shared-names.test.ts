import { threeStages } from './configurations.ts';
import { aDeployment, type Deployment } from './rendered.ts';
import { namesIn, sharedNames } from './rules/names.ts';
import { type JudgedTemplate, templateOf, templates } from './templates.ts';

const everywhere = ['account', 'region'] as const;

const deployed = (template: JudgedTemplate, changed: Partial<Deployment> = {}) =>
  namesIn(template, {
    ...aDeployment,
    stackName: template.stack,
    ...(template.region !== undefined && { region: template.region }),
    ...changed,
  });

const ofConfiguration = (name: string) =>
  templates().filter(({ configuration }) => configuration === name);

describe('share no name that AWS has once', () => {
  test.each(['two in a stack, cloudfront', 'two in a stack, stage'])(
    'the Gatehouses of %s',
    (configuration) => {
      const names = deployed(templateOf(configuration));
      expect(names.length).toBeGreaterThan(10);
      const shared = names.flatMap((each, index) =>
        sharedNames([each], names.slice(index + 1), everywhere),
      );
      expect(shared).toEqual([]);
    },
  );

  test.each(['one stage in two regions, cloudfront', 'one stage in two regions, stage'])(
    'the stacks of %s',
    (configuration) => {
      const [one, other, ...more] = ofConfiguration(configuration);
      if (one === undefined || other === undefined) throw new Error('There are no two stacks');
      expect(more).toEqual([]);
      expect(one.region).not.toBe(other.region);
      // In another region the same name may stand again, unless it is one of the whole account.
      expect(sharedNames(deployed(one), deployed(other), ['account'])).toEqual([]);
    },
  );

  test('a stack that is deployed to two regions', () => {
    const template = templateOf('cloudfront, production');
    const [one, other] = ['eu-west-1', 'us-east-1'].map((region) => deployed(template, { region }));
    expect(sharedNames(one ?? [], other ?? [], ['account'])).toEqual([]);
    expect(one?.some(({ naming }) => naming.within === 'account')).toBe(true);
  });

  test('three stages of one account and region', () => {
    const stages = ofConfiguration(threeStages);
    expect(stages.map(({ stack }) => stack).sort()).toEqual([
      'Gatehouse-dev',
      'Gatehouse-prod',
      'Gatehouse-test',
    ]);
    const names = stages.map((template, index) =>
      deployed(template, { stackUuid: `0${index}0a0a0a-0000-4000-8000-000000000000` }),
    );
    for (const [index, own] of names.entries()) {
      expect(own.length).toBeGreaterThan(5);
      for (const others of names.slice(index + 1))
        expect(sharedNames(own, others, everywhere)).toEqual([]);
    }
  });

  test.each(
    templates().map(
      (template) => [`${template.configuration} (${template.stack})`, template] as const,
    ),
  )('what is left of %s, and the same stack made again', (_, template) => {
    const kept = (uuid: string) =>
      deployed(template, { stackUuid: uuid }).filter(({ id }) =>
        template.resources[id]?.DeletionPolicy?.startsWith('Retain'),
      );
    const shared = sharedNames(
      kept('0a0a0a0a-0000-4000-8000-000000000000'),
      kept('0b0b0b0b-0000-4000-8000-000000000000'),
      everywhere,
    );
    expect(shared).toEqual([]);
  });
});
