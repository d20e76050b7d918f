import { anonymous, distinctParts } from './distinct.ts';
import { type WholeTemplate, wholeTemplates } from './templates.ts';

const bucket = (properties: WholeTemplate['Resources'][string]['Properties'] = {}) => ({
  Type: 'AWS::S3::Bucket',
  Properties: properties,
});
const policyOf = (name: string) => ({
  Type: 'AWS::S3::BucketPolicy',
  Properties: { Bucket: { Ref: name } },
});
const template = (
  Resources: WholeTemplate['Resources'],
  more: Partial<WholeTemplate> = {},
): WholeTemplate => ({ Outputs: {}, Conditions: {}, ...more, Resources });

const partsOf = (...templates: readonly WholeTemplate[]) =>
  distinctParts(templates).map((part) => ({
    judged: [...part.judged],
    resources: Object.keys(part.template.Resources),
  }));

describe('of templates that have much in common', () => {
  test('what differs in logical ids alone is judged once', () => {
    const one = template({ A: bucket(), PolicyA: policyOf('A') });
    const other = template({ B: bucket(), PolicyB: policyOf('B') });
    expect(partsOf(one, other)).toEqual([
      { judged: ['Resources/A', 'Resources/PolicyA'], resources: ['A', 'PolicyA'] },
      { judged: [], resources: [] },
    ]);
  });

  test('what is new is judged in the company of what it names', () => {
    const one = template({
      A: bucket(),
      PolicyA: policyOf('A'),
      Further: bucket({ BucketName: 'x' }),
    });
    const policy = policyOf('A');
    const changed = { ...policy, Properties: { ...policy.Properties, PolicyDocument: {} } };
    expect(partsOf(one, template({ ...one.Resources, PolicyA: changed }))[1]).toEqual({
      judged: ['Resources/PolicyA'],
      resources: ['A', 'PolicyA'],
    });
  });

  test('a name of something that is not there, or of another type, is new', () => {
    const one = template({ A: bucket(), PolicyA: policyOf('A') });
    const without = template({ PolicyA: policyOf('A') });
    const queue = { Type: 'AWS::SQS::Queue', Properties: {} };
    const otherType = template({ A: queue, PolicyA: policyOf('A') });
    expect(partsOf(one, without, otherType).map(({ judged }) => judged)).toEqual([
      ['Resources/A', 'Resources/PolicyA'],
      ['Resources/PolicyA'],
      ['Resources/A', 'Resources/PolicyA'],
    ]);
  });

  test('outputs are judged, too, and conditions stand where they are used', () => {
    const outputs = { Name: { Value: { Ref: 'A' } } };
    const conditions = { Used: {}, Unused: {} };
    const [first, second] = distinctParts([
      template({ A: bucket() }),
      template(
        { A: bucket(), B: { ...bucket({ BucketName: 'b' }), Condition: 'Used' } },
        { Outputs: outputs, Conditions: conditions },
      ),
    ]);
    expect([...(first?.judged ?? [])]).toEqual(['Resources/A']);
    expect([...(second?.judged ?? [])]).toEqual(['Resources/B', 'Outputs/Name']);
    expect(second?.template).toMatchObject({ Outputs: outputs, Conditions: { Used: {} } });
    expect(Object.keys(second?.template.Conditions ?? {})).toEqual(['Used']);
  });
});

describe('of the described configurations', () => {
  const whole = [...wholeTemplates().values()];
  const parts = distinctParts(whole);

  test('every resource has its like among those that are judged', () => {
    const judged = new Set(
      parts.flatMap(({ template: { Resources }, judged: paths }) =>
        Object.entries(Resources)
          .filter(([id]) => paths.has(`Resources/${id}`))
          .map(([, resource]) => anonymous(resource, Resources).text),
      ),
    );
    const missing = whole.flatMap(({ Resources }) =>
      Object.entries(Resources).filter(([, each]) => !judged.has(anonymous(each, Resources).text)),
    );
    expect(missing).toEqual([]);
    expect(judged.size).toBeGreaterThan(500);
  });

  test('a fault in any template is among what is judged', () => {
    const ids = whole.map(({ Resources }, index) => Object.keys(Resources)[index] ?? '');
    const planted = whole.map((each, index) => {
      const id = ids[index] ?? '';
      const resource = each.Resources[id];
      if (resource === undefined) throw new Error(`Template ${index} has no such resource`);
      const Properties = { ...resource.Properties, Planted: index };
      return { ...each, Resources: { ...each.Resources, [id]: { ...resource, Properties } } };
    });
    const found = distinctParts(planted).map(({ judged }, index) =>
      judged.has(`Resources/${ids[index]}`),
    );
    expect(found).toEqual(whole.map(() => true));
  });
});
