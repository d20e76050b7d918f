import * as z from 'zod/mini';
import { trailSubjects } from '../../policy/audit-trail.ts';
import type { ClientProfile } from '../../policy/clients.ts';
import type { UserLimits } from '../../policy/limits.ts';
import type { Machine } from '../../policy/machines.ts';
import type { PageBrand } from '../../policy/pages.ts';
import { regionPattern, userPoolPattern } from './cognito-url.ts';

// `zod/mini` everywhere outside the tools: the same parser at a sixth of the cold start (2 ms, not
// 14).

export type Environment = 'production' | 'development';

/** Turns text into a value by a function that says (by throwing) what is wrong with it. */
const parsed = <Value>(parse: (text: string) => Value) =>
  z.pipe(
    z.string(),
    z.transform((text, context): Value => {
      try {
        return parse(text);
      } catch (error) {
        context.issues.push({
          code: 'custom',
          message: error instanceof Error ? error.message : 'is malformed',
          input: text,
        });
        return z.NEVER;
      }
    }),
  );

const refuse = (why: string): never => {
  throw new Error(why);
};

const isLoopback = (url: URL): boolean =>
  url.hostname === 'localhost' || url.hostname === '127.0.0.1';

/**
 * https, or http on this very machine: a program on the loopback interface is reached without a
 * network in between (RFC 8252 section 8.3 makes the same exception), and nothing outside can be
 * reached by that name.
 */
const webUrl = (text: string): URL => {
  const url = URL.parse(text) ?? refuse('must be a URL');
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url)))
    refuse('must be an https URL');
  if (url.username || url.password || url.search || url.hash)
    refuse('must be a URL without user, query or fragment');
  return url;
};

/**
 * A URL that is compared byte for byte: as the URL standard writes it, without a trailing slash.
 */
const exactUrl = (text: string): string => {
  if (webUrl(text).href.replace(/\/$/, '') !== text)
    refuse('must be a normalized URL without a trailing slash');
  return text;
};

const origin = (text: string): string => {
  const url = webUrl(text);
  if (url.protocol === 'http:' && url.hostname !== 'localhost')
    refuse('may name http origins on localhost only');
  return url.origin === text
    ? text
    : refuse('must list origins (scheme, host, port) and nothing more');
};

const list = (text: string): string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

const mailDomain = (text: string): string =>
  /^[a-z0-9.-]{1,253}$/.test(text) ? text : refuse('must list mail domains in lower case');

/** `claude=abc,julius=def`: name to value, each name once, each value once. */
const pairs = (text: string, value: RegExp): Readonly<Record<string, string>> => {
  const entries = list(text).map((entry) => entry.split('='));
  for (const [name, text_, ...rest] of entries) {
    if (!name || !/^[a-z][a-z0-9-]*$/.test(name) || !text_ || !value.test(text_) || rest.length > 0)
      refuse('must read profile=value,…');
  }
  const names = new Set(entries.map(([name]) => name));
  const values = new Set(entries.map(([, text_]) => text_));
  if (entries.length === 0 || names.size < entries.length || values.size < entries.length)
    refuse('must name each profile and value once');
  return Object.fromEntries(entries);
};

const strings = () => z.readonly(z.array(z.string()));

/** The part of a client profile that the OAuth functions need. */
const deployedProfile = () =>
  z.object({
    name: z.string(),
    title: z.string(),
    redirectUris: strings(),
    redirectHosts: strings(),
    loopback: z.boolean(),
    metadataDocumentHosts: strings(),
    anyDocumentHost: z.boolean(),
    scopes: strings(),
    refreshTokenDays: z.number(),
    /** Absent: not granted. */
    grantsEmail: z.optional(z.boolean()),
  });
export type DeployedProfile = Pick<
  ClientProfile,
  | 'name'
  | 'title'
  | 'redirectUris'
  | 'redirectHosts'
  | 'loopback'
  | 'metadataDocumentHosts'
  | 'anyDocumentHost'
  | 'scopes'
  | 'refreshTokenDays'
> & { readonly grantsEmail?: boolean | undefined };

const brand = () =>
  z.nullable(
    z.object({
      name: z.string(),
      contact: z.optional(z.string()),
      privacyUrl: z.optional(z.string()),
      logo: z.optional(z.string()),
      accent: z.optional(z.object({ light: z.string(), dark: z.string() })),
    }),
  );

const callLimit = () => z.object({ perMinute: z.optional(z.int()), perHour: z.optional(z.int()) });
const callLimits = () => z.record(z.string(), callLimit());
const userLimits = () =>
  z.object({
    perMinute: z.int(),
    perHour: z.int(),
    groups: callLimits(),
    tools: callLimits(),
  });

const machines = () =>
  z.array(z.object({ name: z.string(), scopes: z.array(z.string()), groups: z.array(z.string()) }));

const profiles = () => z.array(deployedProfile()).check(z.minLength(1));

/**
 * Every environment variable that a function may read, by its name: a function's schema picks what
 * it needs. Getters, and functions above: making the schemas of all would be a tenth of the cold
 * start of a function that reads a few.
 */
export const fields = {
  get ENVIRONMENT() {
    return z.enum(['production', 'development'], 'must be production or development');
  },
  get ISSUER_URL() {
    return parsed(exactUrl);
  },
  get RESOURCE_URL() {
    return parsed(exactUrl);
  },
  get COGNITO_USER_POOL_ID() {
    return z.string().check(z.regex(userPoolPattern, 'must read region_poolId'));
  },
  get COGNITO_REGION() {
    return z.string().check(z.regex(regionPattern, 'must be the name of an AWS region'));
  },
  /** Profile name to app client id. */
  get COGNITO_CLIENT_ID() {
    return parsed((text) => pairs(text, /^[A-Za-z0-9]{1,128}$/));
  },
  /** Name of a machine to app client id. */
  get COGNITO_MACHINE_ID() {
    return parsed((text) => pairs(text, /^[A-Za-z0-9]{1,128}$/));
  },
  get MACHINES() {
    return parsed((text): readonly Machine[] => machines().parse(JSON.parse(text)));
  },
  /** The hosted login, reached by the user's browser. */
  get COGNITO_DOMAIN() {
    return parsed((text) => {
      const url = webUrl(text);
      return url.pathname === '/' ? url.origin : refuse('must be an origin without a path');
    });
  },
  /** Mail domains whose people go straight to their company's provider. */
  get LOGIN_DOMAINS() {
    return parsed((text): readonly string[] => list(text).map(mailDomain));
  },
  /** Mail domains whose people may sign up. */
  get SIGN_UP_DOMAINS() {
    return parsed((text): readonly string[] => list(text).map(mailDomain));
  },
  /** How many calls users may make (RATE-5). */
  get USER_LIMITS() {
    return parsed((text): UserLimits => userLimits().parse(JSON.parse(text)));
  },
  /** Whose pages these are; `null` where nobody said. */
  get BRAND() {
    return parsed((text): PageBrand | null => brand().parse(JSON.parse(text)));
  },
  get CLIENT_PROFILES() {
    return parsed((text): readonly DeployedProfile[] => profiles().parse(JSON.parse(text)));
  },
  /**
   * Profile name to the values of its usage-plan keys, one for each share of its users:
   * `claude=key:key,…`. Identifiers, since the gateway never takes one from a client.
   */
  get USAGE_PLAN_KEYS() {
    return parsed(
      (text): Readonly<Record<string, readonly string[]>> =>
        Object.fromEntries(
          Object.entries(pairs(text, /^[A-Za-z0-9]{20,128}(?::[A-Za-z0-9]{20,128})*$/)).map(
            ([name, keys]) => [name, keys.split(':')],
          ),
        ),
    );
  },
  /** Picks a user's share of a profile's users; nobody's credential. */
  get USAGE_PLAN_SHARE_KEY() {
    return z
      .string()
      .check(z.regex(/^[A-Za-z0-9]{32,128}$/, 'must be 32 to 128 letters and digits'));
  },
  get TABLE_NAME() {
    return z
      .string()
      .check(z.regex(/^[A-Za-z0-9_.-]{3,255}$/, 'must be the name of a DynamoDB table'));
  },
  get AWS_REGION() {
    return z.string().check(z.regex(regionPattern, 'must be the name of an AWS region'));
  },
  get ALLOWED_ORIGINS() {
    return parsed((text): readonly string[] => list(text).map(origin));
  },
  /** RATE-10: the header in which a declared proxy (CloudFront) passes the viewer's address on. */
  get TRUSTED_PROXY_HEADER() {
    return z.optional(
      z.string().check(z.regex(/^[a-z][a-z0-9-]*$/, 'must be a header name in lower case')),
    );
  },
  get LOG_SENSITIVE_DATA() {
    return z.pipe(
      z.optional(z.enum(['true', 'false'], 'must be true or false')),
      z.transform((text) => text === 'true'),
    );
  },
  /** LOG-6: absent where no subject is known. */
  get AUDIT_SUBJECT() {
    return z.optional(z.enum(trailSubjects, 'must be hashed or plain'));
  },
  /** Keys the hashes of calls' arguments in the audit trail; nobody's credential. */
  get AUDIT_HASH_KEY() {
    return z
      .string()
      .check(z.regex(/^[A-Za-z0-9]{32,128}$/, 'must be 32 to 128 letters and digits'));
  },
  /** How many tools have metrics of their own. */
  get AUDIT_TOOL_METRICS() {
    return parsed((text) =>
      /^\d{1,2}$/.test(text) ? Number(text) : refuse('must be a number of tools'),
    );
  },
};

/** What every HTTP function has: see `HttpSettings` in lambdas/middleware. */
export const httpFields = () => {
  const { ENVIRONMENT, ALLOWED_ORIGINS, TRUSTED_PROXY_HEADER, LOG_SENSITIVE_DATA, AUDIT_SUBJECT } =
    fields;
  return {
    ENVIRONMENT,
    ALLOWED_ORIGINS,
    TRUSTED_PROXY_HEADER,
    LOG_SENSITIVE_DATA,
    AUDIT_SUBJECT,
  };
};

/** Both absent where there are no machines. */
export const machineFields = () => ({
  COGNITO_MACHINE_ID: z.optional(fields.COGNITO_MACHINE_ID),
  MACHINES: z.optional(fields.MACHINES),
});

/** What verifying an access token takes. */
export const tokenFields = () => {
  const { COGNITO_USER_POOL_ID, COGNITO_REGION, COGNITO_CLIENT_ID, RESOURCE_URL } = fields;
  return {
    COGNITO_USER_POOL_ID,
    COGNITO_REGION,
    COGNITO_CLIENT_ID,
    RESOURCE_URL,
    ...machineFields(),
  };
};
