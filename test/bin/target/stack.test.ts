import * as z from 'zod';
import { stackTarget } from '../../../bin/target/stack.ts';
import { type AwsStub, describedStack, startAwsStub } from '../aws-stub.ts';

const stacks: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  alone: {
    McpUrl: 'https://a.example/mcp',
    AlarmTopicArn: 'arn:aws:sns:eu-west-1:1:t',
    UserPoolId: 'eu-west-1_a',
    TableName: 'a',
    AuditTrailLogGroup: 'trail',
  },
  app: {
    McpUrl: 'https://b.example/mcp',
    McpMcpUrl0A1B2C3D: 'https://b.example/mcp',
    McpUserPoolId0A1B2C3D: 'eu-west-1_b',
    McpTableName0A1B2C3D: 'b',
    McpAuditTrailLogGroup0A1B2C3D: 'trail',
    McpAuditTrailSubjects0A1B2C3D: 'plain',
    OrdersTableName: 'orders',
  },
  two: {
    OneMcpUrl0A1B2C3D: 'https://c.example/mcp',
    OneUserPoolId0A1B2C3D: 'eu-west-1_c',
    OneTableName0A1B2C3D: 'c',
    TwoMcpUrl0A1B2C3D: 'https://d.example/mcp',
    TwoUserPoolId0A1B2C3D: 'eu-west-1_d',
    TwoTableName0A1B2C3D: 'd',
  },
  other: { BucketName: 'files' },
};

let aws: AwsStub;
const environment = { ...process.env };
beforeAll(async () => {
  aws = await startAwsStub(({ name: operation, input }) => {
    if (operation === 'GetCallerIdentity')
      return {
        body: '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::111122223333:assumed-role/Admin/ada</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>',
      };
    if (operation.startsWith('Logs_20140328.')) return { body: {} };
    const name = String(input['StackName']);
    const outputs = stacks[name];
    if (outputs !== undefined) return { body: describedStack(outputs) };
    // As CloudFormation words it.
    return {
      status: 400,
      body: `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id ${name} does not exist</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
    };
  });
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL: aws.url,
  });
});
afterAll(async () => {
  process.env = environment;
  await aws.stop();
});

const found = (stack: string, path?: string) =>
  stackTarget({ stack, path, account: { region: 'eu-west-1' } });

describe('a deployed stack', () => {
  it('is found by its outputs, in a stack of its own and in an app', async () => {
    expect(await found('alone')).toMatchObject({
      title: 'stack alone in eu-west-1',
      isLocal: false,
      mcpUrl: 'https://a.example/mcp',
      userPool: 'eu-west-1_a',
      tableName: 'a',
    });
    expect(await found('app')).toMatchObject({ userPool: 'eu-west-1_b', tableName: 'b' });
  });

  it.each([
    ['app', 'plain', { subject: 'a-sub' }],
    ['alone', 'hashed, as whoever does not say', {}],
  ])(
    'has a trail in which what commands write follows its setting: %s is %s',
    async (name, _, named) => {
      const { write } = await found(name);
      await write({ command: 'user block', sub: 'a-sub' });
      const sent = z
        .object({ logEvents: z.tuple([z.object({ message: z.string() })]) })
        .parse(aws.calls.at(-1)?.input);
      const line = JSON.parse(sent.logEvents[0].message);
      expect(line).toMatchObject({ user: expect.any(String), ...named });
      expect('subject' in line).toBe('subject' in named);
    },
  );

  it('with several Gatehouses wants a path', async () => {
    await expect(found('two')).rejects.toThrow(
      'several Gatehouses (OneTableName0A1B2C3D, TwoTableName0A1B2C3D): name one with --path',
    );
    expect(await found('two', 'two/Two')).toMatchObject({ userPool: 'eu-west-1_d' });
    await expect(found('two', 'two/Three')).rejects.toThrow('no output TableName');
  });

  it.each([
    ['nothing', 'There is no stack nothing in eu-west-1'],
    ['other', 'The stack other has no output TableName'],
  ])('that is none is refused: %s', async (name, message) => {
    await expect(found(name)).rejects.toThrow(message);
  });

  it('in a region that is none is not asked for', async () => {
    const account = { region: 'evil.example/' };
    await expect(stackTarget({ stack: 'alone', path: undefined, account })).rejects.toThrow(
      'is no AWS region',
    );
  });
});
