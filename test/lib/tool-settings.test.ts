import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Stack } from 'aws-cdk-lib/core';
import { DISABLE_ASSET_STAGING_CONTEXT } from 'aws-cdk-lib/cx-api';
import { Gatehouse } from '../../lib/gatehouse.ts';
import type { ToolSettings } from '../../lib/tool-settings.ts';
import { properties, servingFunctions, text } from './synthesized.ts';
import { testApp } from './test-app.ts';

const stackOf = () =>
  new Stack(testApp(), 'Tools', {
    env: { account: '123456789012', region: 'eu-west-1' },
  });

const withTools = (tools: ToolSettings, stack = stackOf()) => {
  const mcp = new Gatehouse(stack, 'Mcp', { urlMode: 'stage', tools });
  return { mcp, template: () => Template.fromStack(stack) };
};

const runsTools = (template: Template) =>
  Object.values(servingFunctions(template))
    .map(({ Properties }) => Properties)
    .filter(({ Environment }) => Environment.Variables.POWERTOOLS_SERVICE_NAME === 'mcp');

describe('what tools need of their function', () => {
  test('is set on that function, and on no other', () => {
    const { template } = withTools({
      environment: { ORDERS_TABLE: 'orders-of-today' },
      memoryMegabytes: 2048,
      timeoutSeconds: 120,
    });
    const made = template();
    expect(runsTools(made)).toMatchObject([
      {
        MemorySize: 2048,
        Timeout: 120,
        Environment: { Variables: { ORDERS_TABLE: 'orders-of-today' } },
      },
    ]);
    const larger = Object.values(servingFunctions(made)).filter(
      ({ Properties }) => Properties['MemorySize'] === 2048,
    );
    expect(larger).toHaveLength(1);
  });

  test('may be secrets, which it may read and whose values stand nowhere', () => {
    const stack = stackOf();
    const api = new Secret(stack, 'Api');
    const { template } = withTools({ secrets: { api } }, stack);
    const made = template();
    const [fn] = runsTools(made);
    expect(fn?.['Environment'].Variables.TOOL_SECRET_api).toEqual(stack.resolve(api.secretArn));
    const reads = properties(made, 'AWS::IAM::Policy')
      .flatMap(({ PolicyDocument, Roles }) =>
        PolicyDocument.Statement.map((each: object) => ({ ...each, Roles })),
      )
      .filter(({ Action }) => [Action].flat().includes('secretsmanager:GetSecretValue'));
    expect(reads).toMatchObject([
      {
        Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
        Resource: stack.resolve(api.secretArn),
        Roles: [{ Ref: expect.stringMatching(/^McpFunctionsmcpRole/) }],
      },
    ]);
    expect(JSON.stringify(made.toJSON())).not.toContain('{{resolve:secretsmanager');
  });

  test('may be a network of its own, with the permissions that Lambda needs there', () => {
    const stack = stackOf();
    const vpc = Vpc.fromVpcAttributes(stack, 'Network', {
      vpcId: 'vpc-12345678',
      availabilityZones: ['eu-west-1a'],
      privateSubnetIds: ['subnet-12345678'],
    });
    const { template } = withTools({ vpc }, stack);
    const [fn] = runsTools(template());
    expect(fn?.['VpcConfig'].SubnetIds.length).toBeGreaterThan(0);
    expect(JSON.stringify(properties(template(), 'AWS::IAM::Policy'))).toContain(
      'ec2:CreateNetworkInterface',
    );
  });

  test("may be a grant of CDK's, which reaches the tools' role alone", () => {
    const stack = stackOf();
    const bucket = new Bucket(stack, 'Files');
    const { mcp, template } = withTools({}, stack);
    bucket.grantRead(mcp);
    const granted = properties(template(), 'AWS::IAM::Policy').filter((policy) =>
      JSON.stringify(policy).includes('s3:GetObject'),
    );
    expect(granted.map(({ Roles }) => text(Roles[0]))).toEqual([
      expect.stringMatching(/^\$\{McpFunctionsmcpRole\w+\}$/),
    ]);
  });

  test('may be files, which a tool finds beside its bundle', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-tools-'));
    const [assets, outdir] = [join(folder, 'files'), join(folder, 'out')];
    try {
      mkdirSync(join(assets, 'texts'), { recursive: true });
      writeFileSync(join(assets, 'texts', 'rates.json'), '{"eur":1}');
      const app = testApp({ outdir, context: { [DISABLE_ASSET_STAGING_CONTEXT]: false } });
      const stack = new Stack(app, 'Tools');
      new Gatehouse(stack, 'Mcp', { urlMode: 'stage', tools: { assets } });
      app.synth();
      const [fn] = runsTools(Template.fromStack(stack));
      const code = join(outdir, `asset.${fn?.['Code'].S3Key.replace('.zip', '')}`);
      expect(readFileSync(join(code, 'assets', 'texts', 'rates.json'), 'utf8')).toBe('{"eur":1}');
      expect(existsSync(join(code, 'index.mjs'))).toBe(true);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test.each([
    [{ assets: 'files' }, 'tools.assets: "files" is not an absolute path'],
    [{ assets: '/nowhere/at/all' }, 'tools.assets: there is no folder /nowhere/at/all'],
    [{ environment: { TABLE_NAME: 'mine' } }, 'tools.environment.TABLE_NAME: is a variable that'],
    [{ environment: { AWS_REGION: 'x' } }, 'tools.environment.AWS_REGION: is a name of AWS'],
    [{ environment: { 'orders-table': 'x' } }, 'tools.environment.orders-table: is not a name'],
    [{ environment: { TOOL_SECRET_api: 'x' } }, 'tools.environment.TOOL_SECRET_api: is for'],
    [
      { secrets: { 'api-key': Secret.fromSecretNameV2(stackOf(), 'Api', 'api') } },
      'tools.secrets.api-key: is not a name',
    ],
    [{ timeoutSeconds: 901 }, 'tools.timeoutSeconds: 901 is not a whole number from 1 to 900'],
    [{ memoryMegabytes: 64 }, 'tools.memoryMegabytes: 64 is not a whole number from 128 to 10240'],
  ])('%j is refused', (tools, message) => {
    expect(() => withTools(tools)).toThrow(message);
  });
});
