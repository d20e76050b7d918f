import { handlerCode } from '../../lib/logging-role/handler-code.ts';
import { only, properties, resources, synthesized, text, withDomain } from './synthesized.ts';

type Command = { readonly name: string; readonly input: Readonly<Record<string, unknown>> };

/** Runs the deployed code against an account; every SDK call is recorded. */
const run = async (account: { cloudwatchRoleArn?: string }, RequestType: string, fails = '') => {
  const sent: Command[] = [];
  const commands = new Proxy(
    {},
    {
      get: (_, name: string) =>
        class {
          readonly name = name;
          readonly input: Readonly<Record<string, unknown>>;
          constructor(input: Readonly<Record<string, unknown>>) {
            this.input = input;
          }
          async send(command: Command) {
            sent.push(command);
            if (command.name === fails)
              throw Object.assign(new Error('no'), { name: 'AccessDeniedException' });
            return command.name === 'GetAccountCommand' ? account : {};
          }
        },
    },
  );
  const responses: { readonly Status: string; readonly Reason?: string }[] = [];
  const exported: { handler?: (event: object) => Promise<void> } = {};
  const fetch = async (_url: string, { body }: { readonly body: string }) =>
    responses.push(JSON.parse(body));
  new Function('require', 'exports', 'fetch', handlerCode)(() => commands, exported, fetch);
  await exported.handler?.({
    RequestType,
    ResponseURL: 'https://cloudformation.example',
    ResourceProperties: { RoleName: 'role', RoleArn: 'arn:role', PolicyArn: 'arn:policy' },
  });
  return { responses, names: sent.map(({ name }) => name), sent };
};

describe("the account's logging role", () => {
  test('is made where the account has none', async () => {
    const { responses, names, sent } = await run({}, 'Create');
    expect(names).toEqual([
      'GetAccountCommand',
      'CreateRoleCommand',
      'AttachRolePolicyCommand',
      'UpdateAccountCommand',
    ]);
    expect(sent.at(-1)?.input).toEqual({
      patchOperations: [{ op: 'replace', path: '/cloudwatchRoleArn', value: 'arn:role' }],
    });
    expect(responses).toMatchObject([{ Status: 'SUCCESS' }]);
  });

  test.each(['Create', 'Update'])('is never overwritten (%s)', async (type) => {
    const { responses, names } = await run({ cloudwatchRoleArn: 'arn:of-somebody-else' }, type);
    expect(names).toEqual(['GetAccountCommand']);
    expect(responses).toMatchObject([{ Status: 'SUCCESS' }]);
  });

  test('is never removed: other APIs may write with it by then', async () => {
    const { responses, names } = await run({ cloudwatchRoleArn: 'arn:role' }, 'Delete');
    expect(names).toEqual([]);
    expect(responses).toMatchObject([{ Status: 'SUCCESS' }]);
  });

  test('that cannot be made fails the deployment with what to do', async () => {
    const { responses } = await run({}, 'Create', 'CreateRoleCommand');
    expect(responses).toMatchObject([
      { Status: 'FAILED', Reason: expect.stringContaining('"cloudWatchRole": false') },
    ]);
  });

  const template = synthesized();

  test('comes before the stage that needs it', () => {
    const [id] = Object.keys(resources(template, 'Custom::ApiGatewayLoggingRole'));
    const [stage] = Object.values(resources(template, 'AWS::ApiGateway::Stage'));
    expect([stage?.DependsOn].flat()).toContain(id);
  });

  test('is all that its function may touch', () => {
    const [policy] = properties(template, 'AWS::IAM::Policy').filter(({ PolicyName }) =>
      PolicyName.includes('LoggingRole'),
    );
    const role =
      'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/gatehouse-api-gateway-logs-${AWS::Region}';
    const reach = policy?.['PolicyDocument'].Statement.map(
      ({ Action, Resource }: { Action: string | string[]; Resource: unknown }) => [
        [Action].flat().join(),
        text(Resource),
      ],
    );
    expect(reach).toEqual([
      [
        'logs:CreateLogStream,logs:PutLogEvents',
        expect.stringMatching(/LoggingRoleLog\w+\.Arn\}$/),
      ],
      [
        'apigateway:GET,apigateway:PATCH',
        'arn:${AWS::Partition}:apigateway:${AWS::Region}::/account',
      ],
      ['iam:CreateRole', role],
      ['iam:AttachRolePolicy', role],
      ['iam:PassRole', role],
    ]);
  });

  test('fits into the template', () => {
    expect(handlerCode.length).toBeLessThan(4096);
    expect(only(synthesized(withDomain), 'Custom::ApiGatewayLoggingRole')).toHaveProperty(
      'RoleName',
    );
  });
});
