import { templateOf, templates } from './templates.ts';
import { walk } from './walk.ts';

test('every property of every described configuration is as AWS publishes it', () => {
  const walked = templates().map(walk);
  const total = (count: (each: (typeof walked)[number]) => number) =>
    walked.map(count).reduce((sum, each) => sum + each, 0);
  const configurations = new Set(templates().map(({ configuration }) => configuration)).size;
  const findings = walked.flatMap((each) => each.findings);
  console.info(
    `AWS's resource model: ${configurations} configurations, ${walked.length} templates, ` +
      `${total(({ resources }) => resources)} resources, ` +
      `${total(({ properties }) => properties)} properties, ${findings.length} findings`,
  );
  expect(configurations).toBeGreaterThanOrEqual(20);
  expect(total(({ properties }) => properties)).toBeGreaterThan(50_000);
  expect(findings).toEqual([]);
});

describe('the walk finds', () => {
  const template = templateOf('cloudfront, production');

  /** What the walk says of one resource whose properties were changed. */
  const afterwards = (type: string, changed: object) => {
    const [id, resource] =
      Object.entries(template.resources).find(([, { Type }]) => Type === type) ?? [];
    if (id === undefined || resource === undefined) throw new Error(`There is no ${type}`);
    const Properties = JSON.parse(JSON.stringify({ ...resource.Properties, ...changed }));
    const resources = { ...template.resources, [id]: { ...resource, Properties } };
    return walk({ ...template, resources }).findings.map(
      ({ at, message }) => `${at.slice(id.length)} ${message}`,
    );
  };

  const lambda = 'AWS::Lambda::Function';
  const acl = 'AWS::WAFv2::WebACL';

  test.each([
    ['a property of a wrong name', lambda, { TimeOut: 3 }, '.TimeOut is a property of no model'],
    [
      'a wrong name inside a property',
      lambda,
      { TracingConfig: { mode: 'Active' } },
      '.TracingConfig.mode is a property of no model',
    ],
    ['a text for a figure', lambda, { Timeout: 'soon' }, '.Timeout is no integer: "soon"'],
    ['an object for a text', lambda, { Handler: {} }, '.Handler is no string: {}'],
    ['a text for a list', lambda, { Architectures: 'arm64' }, '.Architectures is no list: "arm64"'],
    [
      'a reference to one text for a list',
      lambda,
      { Architectures: { Ref: 'AWS::Region' } },
      '.Architectures Ref returns a string, and this takes: array',
    ],
    [
      'a value that is none of those allowed',
      lambda,
      { PackageType: 'Tar' },
      '.PackageType is none of Image, Zip: "Tar"',
    ],
    ['what is required and missing', acl, { Scope: undefined }, '.Scope is required and missing'],
    [
      'a reference to nothing',
      lambda,
      { Role: { 'Fn::GetAtt': ['Nobody', 'Arn'] } },
      '.Role asks Nobody for Arn, which it has not',
    ],
  ])('%s', (_, type, changed, finding) => {
    expect(afterwards(type, changed)).toContain(finding);
  });

  test('a name that is too long, or has a sign that is not taken, and a figure too great', () => {
    expect(afterwards(acl, { Name: 'n'.repeat(129) })).toEqual([
      expect.stringContaining('.Name is 129 characters long, of 128'),
    ]);
    expect(afterwards(acl, { Name: 'a name' })).toHaveLength(1);
    expect(afterwards(lambda, { Timeout: 901 })).toHaveLength(1);
  });

  test('a type of resource that nobody publishes', () => {
    const resources = { Odd: { Type: 'AWS::Lambda::Funktion', Properties: {} } };
    expect(walk({ ...template, resources }).findings).toMatchObject([{ at: 'Odd' }]);
  });

  test('nothing where nothing was changed', () => {
    expect(walk(template).findings).toEqual([]);
  });
});
