import { compared, comparisonOutcome } from '../../../bin/compare/comparison.ts';
import { readTemplate } from '../../../bin/compare/read-template.ts';
import { policyMetadata } from '../../../policy/deployment.ts';
import { type AwsStub, startAwsStub } from '../aws-stub.ts';

const promises = {
  url: 'https://mcp.example.com/mcp',
  issuer: 'https://mcp.example.com',
  userPool: 'Pool',
  userAttributes: {},
  loginDomain: 'Domain',
  resourceServer: 'Server gatehouse',
  scopes: ['tools.read'],
  clients: { claude: 'Client' },
  providers: ['COGNITO'],
  table: 'Table',
};

const template = (
  change: object = {},
  allowBreaking: readonly string[] = [],
  access: object = {},
) => ({
  Metadata: {
    [`${policyMetadata}Orders/Mcp`]: {
      promises: { ...promises, ...change },
      allowBreaking,
      ...access,
    },
  },
  Resources: {},
});

describe('a deployed template and the next one', () => {
  const text = (next: object) =>
    comparisonOutcome('Orders', compared('Orders', template(), next)).text;

  test('where nobody is cut off', () => {
    expect(text(template())).toBe('Orders/Mcp: nobody who is connected to Orders is cut off.');
  });

  test('where somebody is, with and without leave', () => {
    const change = { url: 'https://b.example/mcp', table: 'Other' };
    const said = text(template(change, ['table']));
    expect(said).toMatch(/^ {2}refused {2}url: .* becomes https:\/\/b\.example\/mcp/m);
    expect(said).toMatch(/^ {2}allowed {2}table: Table becomes Other/m);
    expect(said).toContain("allowBreaking: ['url']");
  });

  test('where fewer may do something, which is named and not refused', () => {
    const published = (tools: object, scopes: readonly string[], groups: readonly string[]) => ({
      access: { tools, prompts: {}, resources: { 'orders://all': ['finance'] } },
      machines: [{ name: 'nightly', scopes, groups }],
    });
    const before = template(
      {},
      [],
      published(
        { whoami: 'everybody', list: ['a', 'b'], old: 'everybody', open: ['a'] },
        ['tools.read', 'tools.call'],
        ['a', 'b'],
      ),
    );
    const next = template(
      {},
      [],
      published({ whoami: ['a', 'b'], list: ['b', 'c'], open: 'everybody' }, ['tools.read'], ['b']),
    );
    const found = compared('Orders', before, next);
    expect(found).toMatchObject([{ breaches: [], refused: [] }]);
    expect(comparisonOutcome('Orders', found).text.split('\n')).toEqual([
      'Orders/Mcp: nobody who is connected to Orders is cut off.',
      'Fewer may do this than before, which nothing refuses:',
      '  tools: whoami is for a, b alone, and was for everybody',
      '  tools: list is no longer for a',
      '  tools: old is gone',
      '  machines: nightly loses the scope tools.call',
      '  machines: nightly loses the group a',
    ]);
    expect(compared('Orders', next, next)).toMatchObject([{ narrowed: [] }]);
  });

  test('where the Gatehouse is gone', () => {
    expect(text({ Resources: {} })).toContain('there is no Orders/Mcp any more');
  });

  test('where the deployed one is of an older version', () => {
    expect(() => compared('Orders', { Resources: {} }, template())).toThrow(
      'was deployed by an older version',
    );
  });
});

describe('the deployed template', () => {
  let aws: AwsStub;
  const environment = { ...process.env };
  const bodies: Readonly<Record<string, string>> = {
    Orders: JSON.stringify(template()),
    Other: 'Resources: {}',
  };
  beforeAll(async () => {
    aws = await startAwsStub(({ input }) => {
      const body = bodies[String(input['StackName'])];
      if (body === undefined)
        return {
          status: 400,
          body: '<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id Nothing does not exist</Message></Error><RequestId>1</RequestId></ErrorResponse>',
        };
      const escaped = body.replaceAll('"', '&quot;');
      return {
        body: `<GetTemplateResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><GetTemplateResult><TemplateBody>${escaped}</TemplateBody></GetTemplateResult></GetTemplateResponse>`,
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

  const read = (stack: string) => readTemplate(stack, { region: 'eu-west-1' });

  test('is asked of CloudFormation', async () => {
    expect(await read('Orders')).toEqual(template());
    expect(aws.calls.map(({ name }) => name)).toContain('GetTemplate');
  });

  test('of a stack that does not exist is none', async () => {
    expect(await read('Nothing')).toBeUndefined();
  });

  test('that is no JSON is not ours', async () => {
    await expect(read('Other')).rejects.toThrow('is not JSON');
  });
});
