import { threeStages } from './configurations.ts';
import { namesIn, stepsOf } from './rehearsal.ts';
import { aDeployment, textOf } from './rendered.ts';
import { ofType } from './rules/rule.ts';
import { changed } from './sabotage.ts';
import { type JudgedTemplate, templateOf, templates } from './templates.ts';

const labelled = templates().map(
  (each) => [`${each.configuration} (${each.stack})`, each] as const,
);

/** The step in which a resource of a type is made. */
const whenMade = (template: JudgedTemplate) => {
  const steps = stepsOf(template);
  const places = new Map(steps.flatMap((step, index) => step.map((id) => [id, index] as const)));
  const of = (type: string) => ofType(template, type).map(([id]) => places.get(id) ?? -1);
  return {
    first: (type: string) => Math.min(...of(type)),
    last: (type: string) => Math.max(...of(type)),
  };
};

test.each(labelled)('%s is made in an order that there is', (_, template) => {
  expect(stepsOf(template).flat()).toHaveLength(Object.keys(template.resources).length);
});

const rehearsed = [
  ...['stage, production', 'cloudfront, production', 'production with everything'].map(
    (name) => [name, templateOf(name)] as const,
  ),
  ...templates()
    .filter(({ configuration }) => configuration === threeStages)
    .map((template) => [`${threeStages}: ${template.stack}`, template] as const),
];

test('the stages of an account are rehearsed, all three', () => {
  expect(rehearsed).toHaveLength(6);
});

describe.each(rehearsed)('a rehearsal of %s', (configuration, template) => {
  const { first, last } = whenMade(template);

  test('makes what is needed before what needs it', () => {
    const steps = stepsOf(template);
    console.info(
      `${configuration}: ${Object.keys(template.resources).length} resources in ${steps.length} steps of ${steps.map(({ length }) => length).join(', ')}`,
    );
    expect(last('AWS::ApiGateway::Method')).toBeLessThan(first('AWS::ApiGateway::Deployment'));
    expect(last('AWS::ApiGateway::Deployment')).toBeLessThan(first('AWS::ApiGateway::Stage'));
    // A web ACL that logs nothing yet lets requests pass unseen.
    expect(first('AWS::WAFv2::LoggingConfiguration')).toBeLessThan(
      last('AWS::WAFv2::WebACLAssociation'),
    );
    expect(last('AWS::IAM::Role')).toBeLessThan(last('AWS::Lambda::Function'));
    expect(last('AWS::Cognito::UserPoolResourceServer')).toBeLessThan(
      first('AWS::Cognito::UserPoolClient'),
    );
  });

  test('has every output, of a resource that is made', () => {
    const { outputs } = template;
    const names = Object.keys(outputs);
    for (const name of [
      'McpUrl',
      'UserPoolId',
      'TableName',
      'AlarmTopicArn',
      'AuditTrailLogGroup',
      'AuditTrailSubjects',
    ])
      expect(names.filter((each) => each.includes(name))).toHaveLength(1);
    for (const value of Object.values(outputs))
      for (const name of namesIn(value))
        expect(name.startsWith('AWS::') || Object.hasOwn(template.resources, name)).toBe(true);
    const [url] = names.filter((each) => each.includes('McpUrl'));
    expect(textOf(outputs[url ?? ''], aDeployment)).toMatch(/^https:\/\/.+\/mcp$/);
  });
});

test('a canary waits for its alarms, and the API for the aliases', () => {
  const { first, last } = whenMade(templateOf('a canary'));
  expect(first('AWS::CodeDeploy::DeploymentGroup')).toBeLessThan(first('AWS::Lambda::Alias'));
  expect(first('AWS::CloudWatch::Alarm')).toBeLessThan(first('AWS::CodeDeploy::DeploymentGroup'));
  expect(last('AWS::Lambda::Alias')).toBeLessThan(last('AWS::ApiGateway::Method'));
});

test('a cycle is found, by the names of what is in it', () => {
  const template = templateOf('stage, production');
  const [[stage = ''] = []] = ofType(template, 'AWS::ApiGateway::Stage');
  const [[api = ''] = []] = ofType(template, 'AWS::ApiGateway::RestApi');
  const circular = changed('AWS::ApiGateway::RestApi', { Name: { Ref: stage } })(template);
  expect(() => stepsOf(circular)).toThrow(new RegExp(`A cycle: .*(${stage}|${api})`));
});
