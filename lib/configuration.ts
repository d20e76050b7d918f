import * as z from 'zod';

/**
 * What an operator may choose, under the CDK context key `gatehouse` (in cdk.json, or `-c gatehouse='{…}'`). Every key has a
 * default: an empty configuration deploys the strict posture (CONF-5).
 */
const hostName = z
  .string()
  .regex(/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, 'is not a lower-case host name like mcp.example.com');

const cidr = z.union([z.cidrv4(), z.cidrv6()], 'is not an address range like 203.0.113.0/24');

const profileName = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'is not 1 to 31 lower-case letters, digits and dashes, a letter first');

const profile = z.strictObject({
  name: profileName,
  enabled: z.boolean('is not true or false').default(true),
  title: z.string().min(1).max(60).optional(),
  redirectUris: z.array(z.url()).optional(),
  redirectHosts: z.array(hostName).optional(),
  loopback: z.boolean().optional(),
  metadataDocumentHosts: z.array(hostName).optional(),
  scopes: z.array(z.string()).min(1).optional(),
  grantsEmail: z.boolean().optional(),
  accessTokenMinutes: z.int().min(5, 'is below 5, the least that Cognito takes').max(60, 'is over 60').optional(),
  refreshTokenDays: z.int().min(1).max(365).optional(),
  throttle: z.strictObject({ ratePerSecond: z.number().positive(), burst: z.int().positive() }).optional(),
  quota: z.strictObject({ requests: z.int().positive(), period: z.enum(['DAY', 'WEEK', 'MONTH']) }).optional(),
  egress: z.strictObject({ ranges: z.array(cidr).min(1), requestsPerMinute: z.int().min(10) }).optional(),
});

export type ProfileSetting = z.infer<typeof profile>;

const configuration = z
  .strictObject({
    /** Name of the API stage, and of this deployment: the stack is `Gatehouse-<stage>`. */
    stage: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,32}$/, 'is not 1 to 32 letters, digits and dashes')
      .default('prod'),
    environment: z.enum(['production', 'development'], 'is neither production nor development').default('production'),
    urlMode: z.enum(['domain', 'stage'], 'is neither domain nor stage').optional(),
    domain: z
      .strictObject({
        name: hostName,
        certificateArn: z
          .string()
          .regex(
            /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/,
            "is not the ARN of an ACM certificate in the stack's region",
          ),
        hostedZone: z
          .strictObject({ id: z.string().regex(/^Z[A-Z0-9]+$/, 'is not a hosted zone id like Z0123456789ABC'), name: hostName })
          .optional(),
      })
      .optional(),
    /** Client profiles that are added, or changed or switched off by their name. */
    profiles: z.array(profile).default([]),
    /** Origins that browsers may call from, beside those of policy/cors. */
    allowedOrigins: z
      .array(z.string().regex(/^https:\/\/[a-z0-9.-]+(:\d+)?$/, 'is not an origin like https://app.example.com'))
      .default([]),
    alarmEmail: z.email('is not an e-mail address').optional(),
    /** API Gateway's one logging role in this account and region: an account-wide singleton, so it is made only when asked for. */
    cloudWatchRole: z.boolean('is not true or false').default(false),
    /** The laptop: the public URL is `http://localhost:<port>`, and no custom-domain resources are made. */
    localPort: z.int().min(1).max(65_535).optional(),
  })
  .transform((given) => ({ ...given, urlMode: given.urlMode ?? (given.domain ? ('domain' as const) : ('stage' as const)) }))
  .superRefine((given, context) => {
    const issue = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (given.urlMode === 'domain' && given.domain === undefined && given.localPort === undefined)
      issue('domain', 'is missing: the URL mode "domain" needs {"name": "mcp.example.com", "certificateArn": "arn:aws:acm:…"}');
    if (given.localPort !== undefined && given.environment !== 'development')
      issue('localPort', 'is for laptops: set "environment" to "development" with it, or leave it out');
  });

export type Configuration = z.infer<typeof configuration>;
export type UrlMode = Configuration['urlMode'];
export type Environment = Configuration['environment'];

/** A configuration that cannot be deployed. The message names each key, what is wrong with it, and where it is set. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** Reads the context value: an object (cdk.json), JSON text (`-c gatehouse=…`) or nothing. */
export const readConfiguration = (context: unknown): Configuration => {
  const result = configuration.safeParse(fromText(context) ?? {});
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `  ${path.map(String).join('.') || 'gatehouse'}: ${message}`);
  throw new ConfigurationError(
    `The configuration (context key "gatehouse" in cdk.json, or -c gatehouse='{…}') cannot be used:\n${problems.join('\n')}`,
  );
};

const fromText = (context: unknown): unknown => {
  if (typeof context !== 'string') return context;
  try {
    return JSON.parse(context);
  } catch {
    throw new ConfigurationError(`-c gatehouse=… is not JSON. Quote it for the shell: -c gatehouse='{"stage":"prod"}'`);
  }
};
