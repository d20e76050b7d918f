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
  table: 'Table',
};

const template = (change: object = {}, allowBreaking: readonly string[] = []) => ({
  Metadata: {
    [`${policyMetadata}Orders/Mcp`]: { promises: { ...promises, ...change }, allowBreaking },
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
