import { join } from 'node:path';
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { type App, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { readConfiguration } from '../../lib/configuration.ts';
import { Gatehouse } from '../../lib/gatehouse.ts';
import type { GatehouseProps } from '../../lib/gatehouse-props.ts';
import { GatehouseStack } from '../../lib/gatehouse-stack.ts';
import { environments, urlModes } from '../../policy/deployment.ts';
import { addressLimits, methodThrottles } from '../../policy/limits.ts';
import { readyProfiles } from '../../policy/ready-profiles.ts';

/** A way to deploy that the documents describe. */
export interface DescribedConfiguration {
  readonly name: string;
  /** Where it is described. */
  readonly describedIn: string;
  /** Adds its stacks to an app. */
  readonly addTo: (app: App) => void;
}

export const certificate = (region: string): string =>
  `arn:aws:acm:${region}:123456789012:certificate/0f0f0f0f-1e1e-4d4d-8c8c-0b0b0b0b0b0b`;

const domain = { name: 'mcp.example.com', certificateArn: certificate('eu-west-1') } as const;

const needed = { domain: { domain }, stage: {}, cloudfront: {} } as const;

const account = '123456789012';

const secretArn = `arn:aws:secretsmanager:eu-west-1:${account}:secret:reports/api-AbCdEf`;

/** A stack as bin/gatehouse.ts makes it. */
const stackOf =
  (given: object) =>
  (app: App): void => {
    const configuration = readConfiguration(given);
    new GatehouseStack(app, `Gatehouse-${configuration.stage}`, { configuration });
  };

/** A stack of a team's own, with as many Gatehouses as there are sets of properties. */
const gatehouses =
  (...given: readonly GatehouseProps[]) =>
  (app: App): void => {
    const stack = new Stack(app, 'Reports');
    for (const [index, props] of given.entries()) new Gatehouse(stack, `Mcp${index + 1}`, props);
  };

const modes: readonly DescribedConfiguration[] = urlModes.flatMap((urlMode) =>
  environments.map((environment) => ({
    name: `${urlMode}, ${environment}`,
    describedIn: 'docs/url-modes.md',
    addTo: stackOf({ urlMode, environment, ...needed[urlMode] }),
  })),
);

const ownProfile = (index: number) => ({
  name: `partner-${index}`,
  title: `Partner number ${index} and all of its sales agents`,
  redirectUris: [`https://agents.partner-${index}.example.com/oauth/callback/of/this/deployment`],
  redirectHosts: [`connect.partner-${index}.example.com`],
  metadataDocumentHosts: [`clients.partner-${index}.example.com`],
  scopes: ['gatehouse/tools.read', 'gatehouse/tools.call'],
  grantsEmail: true,
  loopback: true,
  anyDocumentHost: true,
  accessTokenMinutes: 5,
  refreshTokenDays: 30,
  throttle: { ratePerSecond: 5, burst: 10 },
  quota: { requests: 100_000, period: 'DAY' },
  egress: { ranges: [`203.0.113.${index}/32`, '2001:db8::/32'], requestsPerMinute: 600 },
});

const providers = [
  {
    type: 'oidc',
    name: 'Okta',
    issuer: 'https://example.okta.com',
    clientId: '0oa1b2c3d4',
    secret: { name: 'gatehouse/okta', key: 'secret' },
    scopes: ['openid', 'email', 'profile', 'groups'],
    attributes: { email: 'email', email_verified: 'email_verified', given_name: 'given_name' },
    groups: 'groups',
    domains: ['example.com'],
  },
  {
    type: 'saml',
    name: 'Entra',
    metadataUrl: 'https://login.example.com/federationmetadata.xml',
    domains: ['example.org'],
  },
];

const userPool = {
  pool: 'eu-west-1_AbCdEf123',
  loginUrl: 'https://login.example.com',
  providers: ['Okta'],
  attributes: ['custom:department'],
  managedLogin: true,
  trigger: true,
};

const ownScopes = {
  'orders.read': { words: 'See your orders' },
  'orders.write': { words: 'Change your orders', implies: ['orders.read'] },
};
const machines = [
  {
    name: 'nightly',
    scopes: ['gatehouse/tools.read', 'gatehouse/tools.call'],
    groups: ['finance'],
  },
  { name: 'reports' },
];

export const threeStages = 'three stages of an account';

/** One production configuration with all that can be asked for. */
export const everything = {
  machines,
  stage: 'production-of-the-sales-team',
  domain: { ...domain, hostedZone: { id: 'Z0123456789ABC', name: 'example.com' } },
  profiles: [ownProfile(1), { name: 'julius', enabled: false }, { name: 'chatgpt' }],
  allowedOrigins: ['https://app.example.com', 'https://admin.example.com:8443'],
  trustedNetworks: [{ ranges: ['198.51.100.0/24', '2001:db8:1::/48'], requestsPerMinute: 600 }],
  identity: {
    mfa: 'required',
    threatProtection: true,
    passwords: true,
    providers,
    signUp: ['example.com'],
  },
  blockedAddresses: ['203.0.113.66/32', '2001:db8:66::/64'],
  allowedAddresses: ['0.0.0.0/1', '128.0.0.0/1', '2000::/3'],
  userLimits: { perMinute: 60, groups: { interns: { perMinute: 5 } } },
  scopes: ownScopes,
  access: { whoami: { groups: ['finance'] }, policy: { groups: ['auditors'] } },
  logRetentionDays: 90,
  audit: {
    subject: 'plain',
    retentionDays: 731,
    bucket: 'arn:aws:s3:::company-audit',
    toolMetrics: 20,
  },
  deployment: { canary: '10% for 5 minutes' },
  concurrency: {
    mcp: { reserved: 100, provisioned: 2 },
    authorizer: { reserved: 100, provisioned: 1 },
    'pre-token-generation': { provisioned: 1 },
  },
  brand: {
    name: 'Orders of Example & Sons',
    logo: join(import.meta.dirname, 'logo.svg'),
    contact: 'help@example.com',
    privacyUrl: 'https://example.com/privacy',
    accent: { light: '#0b4fb3', dark: '#a8c7ff' },
  },
  alarmEmail: 'ops@example.com',
  cloudWatchRole: true,
};

/** docs/library.md: what tools need. */
const tools = (app: App): void => {
  const stack = new Stack(app, 'Reports', { env: { account, region: 'eu-west-1' } });
  const vpc = Vpc.fromVpcAttributes(stack, 'Network', {
    vpcId: 'vpc-0f0f0f0f',
    availabilityZones: ['eu-west-1a', 'eu-west-1b'],
    privateSubnetIds: ['subnet-0a0a0a0a', 'subnet-0b0b0b0b'],
  });
  const zone = new HostedZone(stack, 'Zone', { zoneName: 'example.com' });
  const { certificateArn } = new Certificate(stack, 'Certificate', {
    domainName: 'mcp.example.com',
    validation: CertificateValidation.fromDns(zone),
  });
  new Gatehouse(stack, 'Mcp', {
    domain: { name: 'mcp.example.com', certificateArn, hostedZone: zone },
    tags: { 'cost-center': '4711' },
    permissionsBoundary: `arn:aws:iam::${account}:policy/platform/boundary`,
    alarmEmail: 'ops@example.com',
    deployment: { canary: '10% for 5 minutes' },
    concurrency: { mcp: { reserved: 100, provisioned: 5 }, authorization: { reserved: 50 } },
    encryptionKey: new Key(stack, 'Key', {
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    }),
    blockedAddresses: ['203.0.113.66/32', '2001:db8:66::/64'],
    allowedAddresses: ['0.0.0.0/1', '128.0.0.0/1', '2000::/3'],
    logRetentionDays: 90,
    usagePlanShares: 8,
    tools: {
      environment: { FILES_BUCKET: 'reports' },
      secrets: { api: Secret.fromSecretCompleteArn(stack, 'Api', secretArn) },
      clientLimits: 'refuse',
      assets: join(import.meta.dirname, '..', '..', 'policy'),
      bundling: { externalModules: ['@aws-sdk/*'], loader: { '.md': 'text' } },
      memoryMegabytes: 2048,
      timeoutSeconds: 120,
      vpc,
      securityGroups: [new SecurityGroup(stack, 'Group', { vpc })],
    },
  });
};

const importedKey = (app: App): void => {
  const stack = new Stack(app, 'Reports');
  const arn = `arn:aws:kms:eu-west-1:${account}:key/0f0f0f0f-1e1e-4d4d-8c8c-0b0b0b0b0b0b`;
  new Gatehouse(stack, 'Mcp', { encryptionKey: Key.fromKeyArn(stack, 'Key', arn) });
};

/** Stacks of one name, each in a region that the app names. */
const inRegions =
  (props: GatehouseProps) =>
  (app: App): void => {
    for (const region of ['eu-west-1', 'us-east-1']) {
      const env = { account, region };
      const stack = new Stack(app, `Reports-${region}`, { stackName: 'Reports', env });
      new Gatehouse(stack, 'Mcp', props);
    }
  };

/** LOG-6: the audit trail, in each way that it can be had. */
const audits: readonly DescribedConfiguration[] = [
  { name: 'the audit trail', audit: {} },
  { name: 'an audit trail with plain subjects', audit: { subject: 'plain' as const } },
  { name: 'an audit trail that is kept for ten years', audit: { retentionDays: 3653 } },
  { name: 'an audit trail in a bucket', audit: { bucket: 'arn:aws:s3:::company-audit' } },
  { name: 'metrics by tool', audit: { toolMetrics: 20 } },
].map(({ name, audit }) => ({
  name,
  describedIn: 'docs/library.md',
  addTo: gatehouses({ urlMode: 'stage', audit }),
}));

/** An id that AWS's names may not hold, in a stack of the longest name. */
const longNames = (app: App): void => {
  new Gatehouse(new Stack(app, `Tools-${'of-'.repeat(40)}all`), 'The tools of (all) sales', {
    audit: { bucket: 'arn:aws:s3:::company-audit' },
    deployment: { canary: '10% for 5 minutes' },
  });
};

/** One pair at a time: a stack holds at most 500 resources. */
const pairs: readonly DescribedConfiguration[] = [
  { name: 'two in a stack, cloudfront', props: {} },
  { name: 'two in a stack, stage', props: { urlMode: 'stage' as const } },
].map(({ name, props }) => ({
  name,
  describedIn: 'docs/library.md',
  addTo: gatehouses(props, props),
}));

/** Every way to deploy that the documents describe, but for the app of `examples`. */
export const configurations: readonly DescribedConfiguration[] = [
  { name: 'an empty configuration', describedIn: 'README.md', addTo: stackOf({}) },
  ...modes,
  {
    name: 'every ready profile',
    describedIn: 'docs/clients.md',
    addTo: stackOf({ profiles: Object.keys(readyProfiles).map((name) => ({ name })) }),
  },
  {
    name: 'seven more profiles',
    describedIn: 'docs/clients.md',
    addTo: stackOf({ profiles: [1, 2, 3, 4, 5, 6, 7].map(ownProfile) }),
  },
  ...pairs,
  { name: 'long names', describedIn: 'docs/library.md', addTo: longNames },
  {
    name: 'one stage in two regions, cloudfront',
    describedIn: 'docs/first-deploy.md',
    addTo: inRegions({}),
  },
  {
    name: 'one stage in two regions, stage',
    describedIn: 'docs/first-deploy.md',
    addTo: inRegions({ urlMode: 'stage' }),
  },
  {
    name: threeStages,
    describedIn: 'docs/first-deploy.md',
    // As different as stages are: each in a URL mode of its own.
    addTo: (app) => {
      stackOf({
        stage: 'dev',
        environment: 'development',
        urlMode: 'stage',
        cloudWatchRole: false,
      })(app);
      stackOf({
        stage: 'test',
        urlMode: 'cloudfront',
        deployment: { canary: '5% for 10 minutes' },
        blockedAddresses: ['203.0.113.66/32'],
      })(app);
      stackOf({
        domain: { ...domain, hostedZone: { id: 'Z0123456789ABC', name: 'example.com' } },
        profiles: [{ name: 'chatgpt' }, { name: 'julius', enabled: false }],
        scopes: ownScopes,
        machines,
        alarmEmail: 'ops@example.com',
      })(app);
    },
  },
  {
    name: 'the origin secret is replaced',
    describedIn: 'docs/url-modes.md',
    addTo: stackOf({ originSecret: { current: 2, previous: 1 } }),
  },
  {
    name: 'without a logging role',
    describedIn: 'README.md',
    addTo: stackOf({ cloudWatchRole: false }),
  },
  {
    name: 'a canary',
    describedIn: 'docs/upgrade.md',
    addTo: stackOf({ deployment: { canary: '25% for 15 minutes' } }),
  },
  {
    name: 'a canary that no alarm ends',
    describedIn: 'docs/upgrade.md',
    addTo: stackOf({
      deployment: { canary: '5% for 120 minutes', ignoreAlarms: true },
      allowBreaking: ['url', 'issuer'],
    }),
  },
  {
    name: 'instances that are kept warm',
    describedIn: 'docs/upgrade.md',
    addTo: stackOf({
      concurrency: { mcp: { reserved: 50, provisioned: 5 } },
      keepWarm: false,
    }),
  },
  {
    name: 'scopes of an own',
    describedIn: 'docs/company.md',
    addTo: stackOf({ scopes: ownScopes }),
  },
  {
    name: 'limits of an own, of groups and of tools',
    describedIn: 'docs/company.md',
    addTo: stackOf({
      userLimits: {
        perMinute: 60,
        groups: { interns: { perMinute: 5, perHour: 100 } },
        tools: { security_posture: { perMinute: 2 } },
      },
    }),
  },
  {
    name: 'access by group',
    describedIn: 'docs/company.md',
    addTo: stackOf({
      access: { whoami: { groups: ['finance', 'Domain Admins'] }, my_usage: 'everybody' },
    }),
  },
  { name: 'tools with a network and a key', describedIn: 'docs/library.md', addTo: tools },
  { name: 'an imported key', describedIn: 'docs/library.md', addTo: importedKey },
  {
    name: 'production with everything',
    describedIn: 'docs/first-deploy.md',
    addTo: stackOf(everything),
  },
  {
    name: "the company's providers",
    describedIn: 'docs/company.md',
    addTo: stackOf({ ...needed.domain, identity: { passwords: false, providers } }),
  },
  {
    name: 'an existing user pool',
    describedIn: 'docs/company.md',
    addTo: stackOf({ ...needed.domain, identity: { userPool } }),
  },
  ...audits,
  {
    name: 'people of listed domains sign up',
    describedIn: 'docs/company.md',
    addTo: stackOf({ ...needed.domain, identity: { signUp: ['example.com', 'example.org'] } }),
  },
  {
    name: 'two machines',
    describedIn: 'docs/company.md',
    addTo: stackOf({ ...needed.domain, machines }),
  },
  {
    name: 'the longest name of a stage',
    describedIn: 'docs/first-deploy.md',
    addTo: stackOf({ stage: 'a-stage-with-a-name-of-32-letter' }),
  },
  {
    name: 'address limits of an own',
    describedIn: 'docs/library.md',
    addTo: gatehouses({
      methodThrottles: { ...methodThrottles, mcp: { ratePerSecond: 50, burst: 100 } },
      addressLimits: addressLimits.map((limit) => ({ ...limit, requests: limit.requests * 2 })),
    }),
  },
];
