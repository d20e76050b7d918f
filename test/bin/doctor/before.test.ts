import { beforeChecks, examineAccount } from '../../../bin/doctor/before/before.ts';
import type { Outcome } from '../../../bin/doctor/examine.ts';
import type { DeployedTemplate } from '../../../bin/synthesis/deployed-template.ts';
import { templateOf } from '../../judges/templates.ts';
import { type AwsStub, describedStack, type StubAnswer, startAwsStub } from '../aws-stub.ts';
import {
  certificate,
  concurrency,
  jsonError,
  queryError,
  role,
  soundAccount,
  zone,
} from './sound-account.ts';

let aws: AwsStub;
let changed: Readonly<Record<string, StubAnswer>> = {};
const environment = { ...process.env };

/** Nobody may have synthesized the templates yet, on a computer that is busy. */
const synthesisMilliseconds = 240_000;
beforeAll(() => void templateOf('domain, production'), synthesisMilliseconds);

beforeAll(async () => {
  aws = await startAwsStub((call) => {
    const known = changed[call.name] ?? soundAccount[call.name];
    return typeof known === 'function' ? known(call) : known;
  });
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',
    // Nothing here is throttled for a moment only.
    AWS_MAX_ATTEMPTS: '1',
    AWS_ENDPOINT_URL: aws.url,
  });
});
afterAll(async () => {
  process.env = environment;
  await aws.stop();
});
afterEach(() => {
  changed = {};
});

/** `domain` mode, in production. */
const template = (more: DeployedTemplate['resources'] = {}): DeployedTemplate => {
  const { resources } = templateOf('domain, production');
  const own = Object.fromEntries(
    Object.entries(resources).filter(([, { Type }]) => Type !== 'AWS::ApiGateway::DomainName'),
  );
  const domain = {
    Type: 'AWS::ApiGateway::DomainName',
    Properties: {
      DomainName: 'mcp.example.com',
      RegionalCertificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/1',
    },
  };
  const record = {
    Type: 'AWS::Route53::RecordSet',
    Properties: { HostedZoneId: 'Z1', Name: 'mcp.example.com.' },
  };
  return {
    stack: 'Gatehouse-prod',
    region: undefined,
    bootstrapParameter: '/cdk-bootstrap/hnb659fds/version',
    resources: { ...own, Domain: domain, Record: record, ...more },
  };
};

const examined = (given: DeployedTemplate = template()): Promise<readonly Outcome[]> =>
  examineAccount(given, { region: 'eu-west-1' });

const failures = (outcomes: readonly Outcome[]) =>
  outcomes
    .filter(({ status }) => status === 'failed')
    .map(({ id, details }) => [id, details.join('\n')]);

it('finds nothing wrong with an account that is ready, and changes nothing', async () => {
  aws.calls.length = 0;
  const outcomes = await examined();
  expect(failures(outcomes)).toEqual([]);
  expect(outcomes.map(({ status }) => status)).toEqual(beforeChecks.map(() => 'passed'));
  expect(outcomes.find(({ id }) => id === 'quotas')?.notes).toEqual([
    'web ACLs: 1 of 100 are there, and the template makes 2.',
    'user pools: 1 of 1000 are there, and the template makes 1.',
    expect.stringMatching(/^API keys: 1 of 10000 are there/),
    expect.stringMatching(/^usage plans: 2 of 300 are there/),
  ]);
  const verbs = aws.calls.map(({ name }) => name.replace(/^\w+\./, ''));
  expect(verbs.filter((verb) => !/^(Get|List|Describe|GET )/.test(verb))).toEqual([]);
});

const stack = (status: string): StubAnswer => ({
  body: describedStack({}).replace('UPDATE_COMPLETE', status),
});

const stackResources: StubAnswer = {
  body: `<DescribeStackResourcesResponse><DescribeStackResourcesResult><StackResources>${[
    ['Table', 'table-1', 'AWS::DynamoDB::Table', 'DELETE_FAILED'],
    ['Pool', 'eu-west-1_1', 'AWS::Cognito::UserPool', 'DELETE_FAILED'],
    ['Role', 'role-1', 'AWS::IAM::Role', 'DELETE_COMPLETE'],
  ]
    .map(
      ([logical, physical, type, status]) =>
        `<member><LogicalResourceId>${logical}</LogicalResourceId><PhysicalResourceId>${physical}</PhysicalResourceId><ResourceType>${type}</ResourceType><ResourceStatus>${status}</ResourceStatus></member>`,
    )
    .join('')}</StackResources></DescribeStackResourcesResult></DescribeStackResourcesResponse>`,
};

const weaknesses: Readonly<
  Record<string, readonly [Readonly<Record<string, StubAnswer>>, string, string]>
> = {
  'credentials that have expired': [
    { GetCallerIdentity: queryError('ExpiredToken', 'The security token has expired') },
    'credentials',
    'sts answers ExpiredToken: The security token has expired (log in again',
  ],
  'no bootstrap': [
    { 'AmazonSSM.GetParameter': jsonError('ParameterNotFound', 'no') },
    'bootstrap',
    'There is no parameter /cdk-bootstrap/hnb659fds/version in eu-west-1.',
  ],
  'an old bootstrap': [
    { 'AmazonSSM.GetParameter': { body: { Parameter: { Value: '5' } } } },
    'bootstrap',
    'has version 5, and needs 6',
  ],
  'a logging role that is gone': [
    { GetRole: queryError('NoSuchEntity', 'The role cannot be found') },
    'logging-role',
    `names ${role}, and there is no such role`,
  ],
  'the concurrency of a new account': [
    { 'GET /2016-08-19/account-settings': concurrency(10) },
    'concurrency',
    'A new account has 10',
  ],
  'as many web ACLs as there may be': [
    {
      'ServiceQuotasV20190624.ListServiceQuotas': {
        body: {
          Quotas: [{ QuotaName: 'Maximum web ACLs per account in WAF for regional', Value: 2 }],
        },
      },
    },
    'quotas',
    'web ACLs: 1 of 2 are there, and the template makes 2.',
  ],
  'a certificate that waits for its validation': [
    { 'CertificateManager.DescribeCertificate': certificate({ Status: 'PENDING_VALIDATION' }) },
    'certificate',
    'PENDING_VALIDATION, not ISSUED',
  ],
  'a certificate for another name': [
    {
      'CertificateManager.DescribeCertificate': certificate({
        SubjectAlternativeNames: ['*.a.example.com'],
      }),
    },
    'certificate',
    'not for mcp.example.com',
  ],
  'a certificate that ends soon': [
    {
      'CertificateManager.DescribeCertificate': certificate({
        NotAfter: Date.now() / 1000 + 86_400,
        RenewalEligibility: 'INELIGIBLE',
      }),
    },
    'certificate',
    'is not renewed by itself',
  ],
  'a zone of another domain': [
    { 'GET /2013-04-01/hostedzone/Z1': zone('ample.com') },
    'zone',
    'does not hold mcp.example.com',
  ],
  'a private zone': [
    { 'GET /2013-04-01/hostedzone/Z1': zone('example.com', true) },
    'zone',
    'is private',
  ],
  'no zone': [
    {
      'GET /2013-04-01/hostedzone/Z1': {
        status: 404,
        body: '<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchHostedZone</Code><Message>no</Message></Error></ErrorResponse>',
      },
    },
    'zone',
    'There is no hosted zone Z1',
  ],
  'a stack whose roll back failed': [
    { DescribeStacks: stack('ROLLBACK_FAILED'), DescribeStackResources: stackResources },
    'leftovers',
    [
      'The stack Gatehouse-prod is ROLLBACK_FAILED.',
      'aws dynamodb update-table --table-name table-1 --no-deletion-protection-enabled',
      'aws cognito-idp update-user-pool --user-pool-id eu-west-1_1 --deletion-protection INACTIVE',
      'aws cloudformation delete-stack --stack-name Gatehouse-prod',
      'aws cloudformation wait stack-delete-complete --stack-name Gatehouse-prod',
    ].join('\n'),
  ],
  'a stack that is being updated': [
    { DescribeStacks: stack('UPDATE_IN_PROGRESS') },
    'leftovers',
    'wait',
  ],
  'a domain name of another API': [
    { 'GET /domainnames/mcp.example.com': { body: { domainName: 'mcp.example.com' } } },
    'leftovers',
    'aws apigateway delete-domain-name --domain-name mcp.example.com',
  ],
  'an answer of another shape': [
    { 'AmazonSSM.GetParameter': { body: {} } },
    'bootstrap',
    'An answer has another shape than AWS publishes (Parameter: ',
  ],
  'an identity of another shape': [
    { GetCallerIdentity: { body: {} } },
    'credentials',
    'An answer has another shape than AWS publishes (Arn: ',
  ],
  'a permission that is missing': [
    { 'GET /account': { status: 403, body: { message: 'User is not authorized' } } },
    'logging-role',
    'apigateway answers status 403: User is not authorized',
  ],
};

describe('an account fails where it is not ready:', () => {
  it.each(Object.entries(weaknesses))('%s', async (_name, [answers, id, text]) => {
    changed = answers;
    expect(failures(await examined())).toEqual([[id, expect.stringContaining(text)]]);
  });

  it('reserved concurrency that leaves others too little', async () => {
    const Properties = { ReservedConcurrentExecutions: 950 };
    const given = template({ Busy: { Type: 'AWS::Lambda::Function', Properties } });
    expect(failures(await examined(given))).toEqual([
      ['concurrency', expect.stringContaining('refuses to leave less than 100')],
    ]);
  });

  it('a login domain that somebody has', async () => {
    changed = {
      'AWSCognitoIdentityProviderService.DescribeUserPoolDomain': {
        body: { DomainDescription: { UserPoolId: 'eu-west-1_x', Domain: 'login' } },
      },
    };
    const Properties = { Domain: 'login' };
    const given = template({ Login: { Type: 'AWS::Cognito::UserPoolDomain', Properties } });
    expect(failures(await examined(given))).toEqual([
      ['login-domain', 'login belongs to the user pool eu-west-1_x.'],
    ]);
  });

  it('no logging role, in a template that makes none', async () => {
    changed = { 'GET /account': { body: {} } };
    const given = template();
    expect(failures(await examined(given))).toEqual([]);
    const without = Object.entries(given.resources).filter(
      ([, { Type }]) => !/^Custom::/.test(Type),
    );
    const resources = Object.fromEntries(without);
    expect(failures(await examined({ ...given, resources }))).toEqual([
      ['logging-role', 'There is no role, and the template makes none.'],
    ]);
  });
});

it.each([
  [
    'account',
    { account: '444455556666' },
    'Gatehouse-prod goes to the account 444455556666, and this is 111122223333.',
  ],
  [
    'region',
    { region: 'us-east-1' },
    'Gatehouse-prod goes to the region us-east-1, and this is eu-west-1.',
  ],
])('credentials of another %s than the stage’s are found', async (_, where, fault) => {
  expect(failures(await examined({ ...template(), ...where }))).toContainEqual([
    'credentials',
    fault,
  ]);
  const own = { account: '111122223333', region: 'eu-west-1' };
  expect(failures(await examined({ ...template(), ...own }))).toEqual([]);
});

/** What any operation may be answered at any time, in each protocol, and how a line begins then. */
const troubles: Readonly<Record<string, readonly [readonly StubAnswer[], RegExp]>> = {
  throttling: [
    [queryError('Throttling', 'Rate exceeded'), jsonError('ThrottlingException', 'Rate exceeded')],
    / answers Throttling(Exception)?: Rate exceeded \(AWS is asked too often: try again in a minute\)$/,
  ],
  'access that is denied': [
    [
      queryError('AccessDenied', 'ada is not authorized to perform it'),
      jsonError('AccessDeniedException', 'ada is not authorized to perform it'),
    ],
    / answers AccessDenied(Exception)?: ada is not authorized to perform it \(.*permissions.*\)$/,
  ],
  'credentials that end meanwhile': [
    [queryError('ExpiredToken', 'expired'), jsonError('ExpiredTokenException', 'expired')],
    / answers ExpiredToken(Exception)?: expired \(log in again, .*\)$/,
  ],
  'a service that fails': [
    [{ status: 500, body: { message: 'Internal\n    at service (/x.js:1:1)' } }],
    / answers status 500: Internal/,
  ],
  'a page of a proxy': [
    [{ body: '<html><body>Log in to the hotel</body></html>' }, { body: 'Log in' }],
    / answers 200 with what no service of AWS sends: does a proxy answer in its place\?$/,
  ],
};

// Who asks what: each operation of an account that is ready belongs to one check.
describe.each(
  Object.keys(soundAccount).filter((name) => !name.startsWith('GET /usageplans?limit=500&')),
)('the answer to %s', (operation) => {
  it.each(Object.entries(troubles))(
    'may be %s: one line that says so',
    async (_, [answers, words]) => {
      for (const stubbed of answers) {
        changed = { [operation]: stubbed };
        const outcomes = await examined(
          template({
            Login: { Type: 'AWS::Cognito::UserPoolDomain', Properties: { Domain: 'login' } },
          }),
        );
        const details = outcomes
          .filter(({ status }) => status === 'failed')
          .map(({ details: lines }) => lines);
        expect(details.length).toBeGreaterThan(0);
        for (const lines of details) {
          expect(lines).toEqual([expect.stringMatching(words)]);
          expect(lines.join()).not.toMatch(/\n| {4}at /);
        }
      }
    },
  );
});

it('without valid credentials asks AWS nothing more', async () => {
  changed = { GetCallerIdentity: queryError('InvalidClientTokenId', 'no') };
  aws.calls.length = 0;
  const outcomes = await examined();
  expect(aws.calls.map(({ name }) => name)).toEqual(['GetCallerIdentity']);
  expect(outcomes.filter(({ status }) => status === 'skipped')).toHaveLength(
    beforeChecks.length - 1,
  );
});
