import { Token } from 'aws-cdk-lib/core';
import * as z from 'zod';
import { auditTrail, trailSubjects } from '../policy/audit-trail.ts';
import {
  type BreakingChange,
  breakingChanges,
  environments,
  urlModes,
} from '../policy/deployment.ts';
import { functionNames } from '../policy/functions.ts';
import { groupName, groupNameWords } from '../policy/groups.ts';
import { mailDomains, mfaChoices } from '../policy/identity.ts';
import { lifetimes, logRetentionChoices } from '../policy/lifetimes.ts';
import {
  methodThrottles,
  tagsPerResource,
  trustedNetworkRequestsPerMinute,
  wafQuotas,
} from '../policy/limits.ts';
import { canaryBounds } from '../policy/monitoring.ts';
import { nearest } from '../policy/nearest-word.ts';
import { addressRange, isWithin } from './address-range.ts';
import { brandSetting } from './brand/brand.ts';
import { readCanary } from './canary-text.ts';
import { hostName, hostNameOrToken, shaped } from './configuration-shapes.ts';
import { existingPool } from './identity/existing-pool-settings.ts';
import { machines } from './identity/machine-settings.ts';
import { providers } from './identity/provider-settings.ts';
import { keysAt } from './known-keys.ts';
import { scopeSettings } from './scope-settings.ts';
import { trailBucket } from './trail-bucket.ts';
import { UserError } from './user-error.ts';
import { userLimitSettings } from './user-limit-settings.ts';

const certificateArn = shaped(
  /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/,
  'is not the ARN of an ACM certificate: arn:aws:acm:<region of the stack>:<account>:certificate/<id>',
);

const hostedZone = z.strictObject({
  // `HostedZone.fromLookup` says DUMMY until CDK has looked.
  id: shaped(/^(?:Z[A-Z0-9]+|DUMMY)$/, 'is not a hosted zone id like Z0123456789ABC'),
  name: hostNameOrToken,
});

const throttle = z.strictObject({
  ratePerSecond: z.number().positive(),
  burst: z.int().positive(),
});

/**
 * A client profile that is added, or changed or switched off by its name. Keys are those of
 * policy/clients.
 */
const profile = z.strictObject({
  name: z
    .string()
    .regex(
      /^[a-z][a-z0-9-]{0,30}$/,
      'is not 1 to 31 lower-case letters, digits and dashes, a letter first',
    ),
  enabled: z.boolean('is not true or false').default(true),
  title: z.string().min(1).max(60).optional(),
  redirectUris: z.array(z.url('is not a URL')).optional(),
  redirectHosts: z.array(hostName).optional(),
  loopback: z.boolean('is not true or false').optional(),
  metadataDocumentHosts: z.array(hostName).optional(),
  anyDocumentHost: z.boolean('is not true or false').optional(),
  scopes: z.array(z.string()).min(1, 'is empty').optional(),
  grantsEmail: z.boolean('is not true or false').optional(),
  accessTokenMinutes: z
    .int()
    .min(5, 'is below 5, the least that Cognito takes')
    .max(60, 'is over 60')
    .optional(),
  refreshTokenDays: z.int().min(1, 'is below 1').max(365, 'is over 365').optional(),
  throttle: throttle.optional(),
  quota: z
    .strictObject({ requests: z.int().positive(), period: z.enum(['DAY', 'WEEK', 'MONTH']) })
    .optional(),
  egress: z
    .strictObject({ ranges: z.array(addressRange).min(1), requestsPerMinute: z.int().min(10) })
    .optional(),
});

export type ProfileSetting = z.infer<typeof profile>;

const { percent, minutes } = canaryBounds;

const canary = z
  .string()
  .refine(
    (text) => readCanary(text) !== undefined,
    `is not like "10% for 5 minutes", with ${percent.least} to ${percent.most} percent and ${minutes.least} to ${minutes.most} minutes`,
  );

const isBreakingChange = (name: string): name is BreakingChange => name in breakingChanges;

const breakingKinds = Object.keys(breakingChanges).filter(isBreakingChange);

/** Whole instances of a function. */
const instances = z.int('is no whole number').min(1, 'is below 1').optional();

/** Who may use a definition. */
const accessRule = z.union(
  [
    z.literal('everybody'),
    z.strictObject({
      groups: z
        .array(z.string().regex(groupName(), groupNameWords))
        .min(1, "is empty, so nobody could use it: name a group, or write 'everybody'"),
    }),
  ],
  `is neither 'everybody' nor { groups: ['finance'] } with a group or more`,
);

const retentionDays = z
  .int()
  .refine(
    (days) => logRetentionChoices.some((choice) => choice === days),
    `is none of the days that CloudWatch Logs takes: ${logRetentionChoices.join(', ')}`,
  );

const secretVersion = z.int().min(1);

const keys = {
  /** Name of the API stage, and of this deployment: the stack is `Gatehouse-<stage>`. */
  stage: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,32}$/, 'is not 1 to 32 letters, digits and dashes')
    .default('prod'),
  environment: z.enum(environments, 'is neither production nor development').default('production'),
  /** @default domain where one is given, else cloudfront */
  urlMode: z.enum(urlModes, 'is none of domain, stage and cloudfront').optional(),
  /** URL mode `domain`: a host of your own. Without a hosted zone no DNS records are made. */
  domain: z
    .strictObject({ name: hostName, certificateArn, hostedZone: hostedZone.optional() })
    .optional(),
  /** Whose pages these are. @default the product's, which name no owner */
  brand: brandSetting.optional(),
  /** Who logs in, and how. */
  identity: z
    .strictObject({
      /** @default optional, where the pool is ours */
      mfa: z.enum(mfaChoices, 'is none of off, optional and required').optional(),
      threatProtection: z.boolean('is not true or false').default(false),
      passwords: z.boolean('is not true or false').default(true),
      providers,
      userPool: existingPool.optional(),
      signUp: z.array(hostName).max(mailDomains, `is over ${mailDomains} domains`).default([]),
    })
    .superRefine(({ userPool, ...given }, context) => {
      if (given.signUp.length > 0 && !given.passwords)
        context.addIssue({
          code: 'custom',
          path: ['signUp'],
          message: 'lets people choose a password, and "passwords" is false: nobody could use it',
        });
      if (userPool === undefined) return;
      if (given.providers.length > 0)
        context.addIssue({
          code: 'custom',
          path: ['providers'],
          message:
            'are the business of who owns the existing user pool: name the ones that it has in userPool.providers',
        });
      for (const [key, chosen] of [
        ['mfa', given.mfa !== undefined],
        ['threatProtection', given.threatProtection],
        ['signUp', given.signUp.length > 0],
      ] as const)
        if (chosen)
          context.addIssue({
            code: 'custom',
            path: [key],
            message: 'is the business of who owns the existing user pool',
          });
    })
    .prefault({}),
  /** Who may use which tool, prompt and resource, by name; what is not named is as its file says. */
  access: z.record(z.string(), accessRule).default({}),
  /** Scopes of one's own, beside those of policy/scopes. */
  scopes: scopeSettings,
  /** How many calls one user may make, and how many of one tool. */
  userLimits: userLimitSettings,
  /**
   * URL mode `cloudfront`: which secret the distribution proves itself with; `previous` is taken
   * too, while one is replaced.
   */
  originSecret: z
    .strictObject({ current: secretVersion, previous: secretVersion.optional() })
    .default({ current: 1 }),
  profiles: z.array(profile).default([]),
  machines,
  /** What all clients together may do: of `/mcp`, of registration, of every other endpoint. */
  methodThrottles: z
    .strictObject({
      default: throttle.default(methodThrottles.default),
      mcp: throttle.default(methodThrottles.mcp),
      register: throttle.default(methodThrottles.register),
    })
    .prefault({}),
  /** Origins that browsers may call from, beside those of policy/cors. */
  allowedOrigins: z
    .array(
      z
        .string()
        .regex(/^https:\/\/[a-z0-9.-]+(:\d+)?$/, 'is not an origin like https://app.example.com'),
    )
    .default([]),
  /**
   * Networks of your own whose people share a few addresses (an office, a VPN): one address of them
   * may make `requestsPerMinute`, at the login too, instead of the limits for one caller.
   */
  trustedNetworks: z
    .array(
      z.strictObject({
        ranges: z.array(addressRange).min(1, 'is empty'),
        requestsPerMinute: z
          .int()
          .min(wafQuotas.smallestRate, `is below ${wafQuotas.smallestRate}`)
          .default(trustedNetworkRequestsPerMinute),
      }),
    )
    .default([]),
  /** Addresses that are refused, at the login pages too. */
  blockedAddresses: z.array(addressRange).max(wafQuotas.addressesPerSet).default([]),
  /** Where any is named, all others are refused. */
  allowedAddresses: z.array(addressRange).max(wafQuotas.addressesPerSet).default([]),
  /** How long every log group of the deployment but the audit trail keeps its lines. */
  logRetentionDays: retentionDays.default(lifetimes.logRetentionDays),
  /** Who called what (LOG-6). */
  audit: z
    .strictObject({
      /** `plain` writes people's subjects beside their hashes. */
      subject: z.enum(trailSubjects, 'is neither hashed nor plain').default('hashed'),
      retentionDays: retentionDays.default(lifetimes.auditRetentionDays),
      /** A bucket that the trail is copied to; whether it locks objects is its owner's choice. */
      bucket: trailBucket.optional(),
      /** How many tools have metrics of their own; each is three custom metrics. */
      toolMetrics: z
        .int()
        .min(0, 'is below 0')
        .max(auditTrail.mostMeasuredTools, `is over ${auditTrail.mostMeasuredTools}`)
        .default(0),
    })
    .prefault({}),
  /** On everything that can have tags. */
  tags: z
    .record(
      z.string().regex(/^(?![Aa][Ww][Ss]:)[\p{L}\p{N} _.:/=+@-]{1,128}$/u, 'is no key of a tag'),
      z.string().regex(/^[\p{L}\p{N} _.:/=+@-]{0,256}$/u, 'is no value of a tag'),
    )
    .refine(
      (given) => Object.keys(given).length <= tagsPerResource,
      `are more than ${tagsPerResource}, which is what a resource may have`,
    )
    .default({}),
  /** ARN of the policy that bounds every role of the deployment. */
  permissionsBoundary: shaped(
    /^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/,
    'is not the ARN of a policy: arn:aws:iam::<account>:policy/<name>',
  ).optional(),
  /** Changes that cut people or clients off, for the one deployment that makes them. */
  allowBreaking: z
    .array(z.enum(breakingKinds, `is none of ${breakingKinds.join(', ')}`))
    .default([]),
  /** How new versions of the functions take over. */
  deployment: z
    .strictObject({
      /** `10% for 5 minutes`. @default a new version takes over at once */
      canary: canary.optional(),
      /** Deploys although an alarm is on, for the version that mends what set it off. */
      ignoreAlarms: z.boolean('is not true or false').default(false),
    })
    .prefault({}),
  /** By function: the most instances that it may have, and how many are kept warm. */
  concurrency: z
    .partialRecord(
      z.enum(functionNames),
      z.strictObject({ reserved: instances, provisioned: instances }),
    )
    .default({}),
  /** Whether a schedule keeps an instance warm of what a first call meets (policy/keep-warm). */
  keepWarm: z.boolean('is not true or false').default(true),
  /** Who is written to when an alarm fires. @default nobody: subscribe to the topic yourself */
  alarmEmail: z.email('is not an e-mail address').optional(),
  /**
   * Whether API Gateway logs requests. It needs one role for the account and region, which is made
   * only where there is none. `false` leaves out both the role and the access log.
   */
  cloudWatchRole: z.boolean('is not true or false').default(true),
};

const configuration = z
  .strictObject(keys)
  .transform((given) => ({
    ...given,
    urlMode:
      given.urlMode ?? (given.domain === undefined ? ('cloudfront' as const) : ('domain' as const)),
  }))
  .superRefine((given, context) => {
    const issue = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (given.urlMode === 'domain' && given.domain === undefined)
      issue(
        'domain',
        'is missing: the URL mode "domain" needs {"name": "mcp.example.com", "certificateArn": "arn:aws:acm:…"}',
      );
    if (given.urlMode !== 'domain' && given.domain !== undefined)
      issue(
        'domain',
        `is given, but the URL mode is "${given.urlMode}": leave out "urlMode", or the domain`,
      );
    const zone = given.domain?.hostedZone?.name;
    const host = given.domain?.name;
    if (
      zone !== undefined &&
      !Token.isUnresolved(zone) &&
      host !== zone &&
      !host?.endsWith(`.${zone}`)
    )
      issue('domain', `the hosted zone ${zone} does not hold ${host}`);
    for (const [name, { reserved, provisioned = 0 } = {}] of Object.entries(given.concurrency)) {
      // While calls are shifted, both versions keep their instances.
      const kept = given.deployment.canary === undefined ? provisioned : 2 * provisioned;
      if (reserved !== undefined && kept > reserved)
        issue('concurrency', `${name} keeps ${kept} instances warm, and may have ${reserved}`);
    }
    const { allowedAddresses: allowed, blockedAddresses: blocked } = given;
    const isRefused = (range: string) => blocked.some((outer) => isWithin(range, outer));
    if (allowed.length > 0 && allowed.every(isRefused))
      issue('allowedAddresses', 'are all in "blockedAddresses": nobody could connect');
    if (given.originSecret.previous === given.originSecret.current)
      issue(
        'originSecret',
        'has the same version twice: "previous" is the one that is being replaced',
      );
  });

/**
 * What an operator may choose, under the CDK context key `gatehouse` (in cdk.json, or `-c
 * gatehouse='{…}'`). Every key has a default: an empty configuration deploys the strict posture
 * (CONF-5).
 */
export type Configuration = z.infer<typeof configuration>;

/** The same as a stage of `gatehouse.config.ts` has it, where its name is the stage's. */
export type StageConfiguration = Readonly<Omit<z.input<typeof configuration>, 'stage'>>;

/**
 * A configuration that cannot be deployed. The message names each key, what is wrong with it, and
 * where it is set.
 */
export class ConfigurationError extends UserError {
  override readonly name = 'ConfigurationError';
}

/** Where a configuration was written, for the message of a refusal. */
export interface ConfigurationSource {
  /** Starts the sentence. */
  readonly name: string;
  /** Names the whole of it where no key can be named. */
  readonly root: string;
  /** Keys that are taken there beside the configuration's own. */
  readonly furtherKeys: readonly string[];
}

const contextKey: ConfigurationSource = {
  name: `The configuration (context key "gatehouse" in cdk.json, or -c gatehouse='{…}')`,
  root: 'gatehouse',
  furtherKeys: [],
};

/**
 * Reads the context value, which is an object (cdk.json), JSON text (`-c gatehouse=…`) or nothing;
 * or a construct's properties.
 */
export const readConfiguration = (
  given: unknown,
  place: ConfigurationSource = contextKey,
): Configuration => {
  const result = configuration.safeParse(fromText(given) ?? {});
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    (issue) => `  ${issue.path.map(String).join('.') || place.root}: ${reason(issue, place)}`,
  );
  throw new ConfigurationError(`${place.name} cannot be used:\n${problems.join('\n')}`);
};

const reason = (issue: z.core.$ZodIssue, { furtherKeys }: ConfigurationSource): string => {
  // A key of one's own making, such as a group's name.
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message;
  if (issue.code !== 'unrecognized_keys') return issue.message;
  const inside =
    issue.path[0] === 'concurrency' ? functionNames : keysAt(configuration, issue.path);
  const known = issue.path.length === 0 ? [...furtherKeys, ...Object.keys(keys)] : inside;
  const unknown = issue.keys.map((key) => {
    const near = nearest(key, known);
    return near === undefined ? key : `${key} (is it "${near}"?)`;
  });
  const taken = known.length === 0 ? '' : `; its keys are ${known.join(', ')}`;
  return `has no key ${unknown.join(', ')}${taken}`;
};

const fromText = (context: unknown): unknown => {
  if (typeof context !== 'string') return context;
  try {
    return JSON.parse(context);
  } catch {
    throw new ConfigurationError(
      `-c gatehouse=… is not JSON. Quote it for the shell: -c gatehouse='{"stage":"prod"}'`,
    );
  }
};
