import type { IUserPool } from 'aws-cdk-lib/aws-cognito';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import type { BreakingChange, Environment, UrlMode } from '../policy/deployment.ts';
import type { FunctionName } from '../policy/functions.ts';
import type { mfaChoices } from '../policy/identity.ts';
import type { AddressLimit, MethodThrottles } from '../policy/limits.ts';
import type { ToolSettings } from './tool-settings.ts';
import type { TrailBucket } from './trail-bucket.ts';

/** A host of your own for the deployment. */
export interface DomainProps {
  /** Lower case, such as `mcp.example.com`. */
  readonly name: string;
  /** ACM certificate for that name, in the stack's region and account. */
  readonly certificateArn: string;
  /**
   * Where alias records are put. @default none are made; an output names the target to point a
   * record at
   */
  readonly hostedZone?:
    | { readonly id: string; readonly name: string }
    | Pick<IHostedZone, 'hostedZoneId' | 'zoneName'>
    | undefined;
}

/**
 * A client profile that is added, a ready one of policy/ready-profiles that is switched on by its
 * name (`{ name: 'chatgpt' }`), or one of policy/clients that is changed or switched off. What is
 * left out keeps policy's value; a profile of your own starts with nothing but the read scope.
 */
export interface ClientProfileProps {
  /** Lower-case letters, digits and dashes. */
  readonly name: string;
  /** @default true */
  readonly enabled?: boolean | undefined;
  /** For people: consent page, dashboards. @default the name */
  readonly title?: string | undefined;
  /** Redirect URIs (https) that are taken exactly as they stand. @default none */
  readonly redirectUris?: readonly string[] | undefined;
  /** https hosts on which a client may register any path. @default none */
  readonly redirectHosts?: readonly string[] | undefined;
  /** Takes loopback redirect URIs with any port. @default false */
  readonly loopback?: boolean | undefined;
  /** https hosts whose client metadata documents are fetched. @default none */
  readonly metadataDocumentHosts?: readonly string[] | undefined;
  /**
   * Takes metadata documents of every public https host, for loopback redirect URIs alone. `{ name:
   * 'loopback', anyDocumentHost: false }` leaves the listed hosts alone, and documents are no longer
   * advertised, so that other clients register. @default false, but true for `loopback`
   */
  readonly anyDocumentHost?: boolean | undefined;
  /** Scopes of policy/scopes that its clients may be granted. @default gatehouse/tools.read */
  readonly scopes?: readonly string[] | undefined;
  /** Puts the user's name and email address into its access tokens. @default true */
  readonly grantsEmail?: boolean | undefined;
  /** 5 to 60. @default 15 */
  readonly accessTokenMinutes?: number | undefined;
  /** 1 to 365. @default 7 */
  readonly refreshTokenDays?: number | undefined;
  /**
   * Each share of the profile's users (policy/limits: usagePlanShares, a sixteenth).
   * @default 50 a second, bursts of 100
   */
  readonly throttle?: { readonly ratePerSecond: number; readonly burst: number } | undefined;
  /**
   * For all users of the profile, divided by the shares: locks out every user of a share when that
   * has used its part. @default none
   */
  readonly quota?:
    | { readonly requests: number; readonly period: 'DAY' | 'WEEK' | 'MONTH' }
    | undefined;
  /**
   * Published ranges (CIDR) behind which its users share a few addresses, with the ceiling of one
   * such address. @default none
   */
  readonly egress?:
    | { readonly ranges: readonly string[]; readonly requestsPerMinute: number }
    | undefined;
}

/** Whose pages these are: consent, errors, connecting, and Cognito's login. */
export interface BrandProps {
  /** Up to 60 characters; also `resource_name` of the metadata. */
  readonly name: string;
  /**
   * Absolute path of a PNG or SVG of up to 16 KB, read at synthesis and written into the pages. An
   * SVG may hold shapes and gradients alone. @default none
   */
  readonly logo?: string | undefined;
  /** A mail address or an https URL: whom to ask. @default none */
  readonly contact?: string | undefined;
  /** https. @default none */
  readonly privacyUrl?: string | undefined;
  /**
   * The colour of buttons and links, as `#rrggbb`. It has to have a contrast of 4.5 (WCAG AA): a
   * single one on white, from which that of dark pages is made. @default a blue
   */
  readonly accent?: string | { readonly light: string; readonly dark: string } | undefined;
}

/** What of a provider both kinds have. */
interface CompanyProviderProps {
  /** 3 to 32 letters, digits and dashes: people see it on the login page. */
  readonly name: string;
  /**
   * Attributes of the pool, and the claims that fill them. @default email, email_verified and name
   * (OIDC); email and name (SAML), by the names that Entra ID gives them
   */
  readonly attributes?: Readonly<Record<string, string>> | undefined;
  /** The claim that lists the groups. @default none come from the provider */
  readonly groups?: string | undefined;
  /** Mail domains whose people go straight to it, 40 characters each at most. @default none */
  readonly domains?: readonly string[] | undefined;
}

export interface OidcProviderProps extends CompanyProviderProps {
  readonly type: 'oidc';
  /** https, without a slash at its end. */
  readonly issuer: string;
  readonly clientId: string;
  /**
   * The name of a secret in Secrets Manager, with a slash in it (`gatehouse/okta`), or its ARN;
   * with a `key` where it holds JSON. Never the secret itself.
   */
  readonly secret: string | { readonly name: string; readonly key?: string | undefined };
  /** @default openid, email, profile */
  readonly scopes?: readonly string[] | undefined;
}

export interface SamlProviderProps extends CompanyProviderProps {
  readonly type: 'saml';
  readonly metadataUrl: string;
}

/** A program that calls as itself; docs/company.md. */
export interface MachineProps {
  /** 1 to 31 lower-case letters, digits and dashes. */
  readonly name: string;
  /** Scopes of policy/scopes. @default gatehouse/tools.read */
  readonly scopes?: readonly string[] | undefined;
  /** For access rules and limits, as if it were a person in these groups. @default none */
  readonly groups?: readonly string[] | undefined;
}

/** A user pool that somebody else owns; docs/company.md. */
export interface ExistingUserPoolProps {
  /** `UserPool.fromUserPoolId(…)`, one of the same app, or an id. */
  readonly pool: IUserPool | string;
  /** Where its login pages are: a domain of its own, or `https://<prefix>.auth.<region>.amazoncognito.com`. */
  readonly loginUrl: string;
  /** Its identity providers that our clients offer. @default none */
  readonly providers?: readonly string[] | undefined;
  /** Its custom attributes (`custom:…`) that these providers fill. @default none */
  readonly attributes?: readonly string[] | undefined;
  /**
   * Whether its domain has managed login, for which each app client gets a branding style, rather
   * than the classic hosted UI. @default true
   */
  readonly managedLogin?: boolean | undefined;
  /** Whether its owner has made `mcp.preTokenGeneration` its trigger. @default false */
  readonly trigger?: boolean | undefined;
}

export interface AuditSettings {
  /**
   * `plain` writes people's subjects (the pool's ids, no names or addresses) into the audit trail,
   * beside the hashes that every log has. @default hashed
   */
  readonly subject?: 'hashed' | 'plain' | undefined;
  /** How long the trail's own log group keeps its lines. @default policy/lifetimes: 365 */
  readonly retentionDays?: number | undefined;
  /**
   * A bucket that the trail is copied to: its ARN, or the bucket itself, which lets the copy use its
   * key. Give it an Object Lock with a default retention, and nobody can change what it holds.
   * @default the log group alone
   */
  readonly bucket?: string | TrailBucket | undefined;
  /**
   * How many tools, by name, have metrics of calls, errors and duration; the others share the name
   * `other`. CloudWatch bills three custom metrics for each. @default 0: the saved queries count
   */
  readonly toolMetrics?: number | undefined;
}

export interface IdentitySettings {
  /**
   * A pool that exists: our app clients and resource server go into it, and nothing of it is
   * changed. Only for one deployment a pool. @default one is made
   */
  readonly userPool?: ExistingUserPoolProps | undefined;
  /**
   * The company's own providers, which every client is offered; docs/company.md. One registered
   * with `mcp.userPool` is too. @default none
   */
  readonly providers?: readonly (OidcProviderProps | SamlProviderProps)[] | undefined;
  /**
   * A second factor by authenticator app. A company's provider asks for its own: Cognito asks only
   * people who have a password here. Of an existing pool it is its owner's choice. @default optional
   */
  readonly mfa?: (typeof mfaChoices)[number] | undefined;
  /**
   * Cognito's threat protection (compromised passwords, unusual logins), which needs the Plus plan
   * and costs more for each user. @default false
   */
  readonly threatProtection?: boolean | undefined;
  /**
   * Mail domains whose people may sign up by themselves, with a code that is sent to their address.
   * @default none: an administrator invites
   */
  readonly signUp?: readonly string[] | undefined;
  /**
   * Whether people log in with a password of the pool. Without it an identity provider must be
   * registered: `new UserPoolIdentityProviderOidc(this, 'Okta', { userPool: mcp.userPool, … })`.
   * @default true
   */
  readonly passwords?: boolean | undefined;
}

export interface DeploymentSettings {
  /**
   * Share of the calls, and minutes, with which a new version of a function is tried: `10% for 5
   * minutes`. An alarm in that time takes the calls, and the deployment, back. Each function is three
   * resources more. @default none: every call goes to the new version at once
   */
  readonly canary?: string | undefined;
  /**
   * Deploys although an alarm is on: for one deployment, that of the version that mends what set it
   * off. @default false
   */
  readonly ignoreAlarms?: boolean | undefined;
}

export interface Concurrency {
  /** The most instances at once. @default no bound but the account's */
  readonly reserved?: number | undefined;
  /** Instances that are ready before a call comes. @default none */
  readonly provisioned?: number | undefined;
}

/** Who may use a definition: all who may log in, or the members of any of these groups. */
export type AccessRule = 'everybody' | { readonly groups: readonly string[] };

/** What a caller may be granted. */
export interface ScopeProps {
  /** On the consent page, after "It could": up to 100 characters. */
  readonly words: string;
  /** Narrower ones that come with it. `tools.read` always does. @default none */
  readonly implies?: readonly string[] | undefined;
}

/** The most calls of one user; what is left out is not bounded by it. */
export interface CallLimitProps {
  readonly perMinute?: number | undefined;
  readonly perHour?: number | undefined;
}

export interface UserLimitProps extends CallLimitProps {
  /**
   * In place of everybody's, for each member of a group: `{ interns: { perMinute: 5 } }`. Of several
   * groups the largest. @default none
   */
  readonly groups?: Readonly<Record<string, CallLimitProps>> | undefined;
  /**
   * Beside a user's own, for the calls of one tool: `{ list_orders: { perMinute: 5 } }`. It goes
   * before the `limit` that stands beside the tool. @default what stands beside each tool
   */
  readonly tools?: Readonly<Record<string, CallLimitProps>> | undefined;
}

/** Everything has a default: `new Gatehouse(this, 'Mcp')` deploys the strict posture (CONF-5). */
export interface GatehouseProps {
  /**
   * Absolute path of a folder with `tools/`, `prompts/` and `resources/`: one definition a file,
   * found at synthesis.
   * @default the product's own
   */
  readonly entry?: string | undefined;
  /** What the tools need of the function that runs them. @default nothing */
  readonly tools?: ToolSettings | undefined;
  /**
   * A key of your own for log groups, alarm messages and the origin secret. One of the same app gets
   * the statements that the services need; an imported one must have them. @default one is made
   */
  readonly encryptionKey?: IKey | undefined;
  /** Name of the API stage: 1 to 32 letters, digits and dashes. @default prod */
  readonly stage?: string | undefined;
  /**
   * `development` adds http://localhost origins, DEBUG logs and the self-test, and lets a deleted
   * stack take its table and users along.
   * @default production
   */
  readonly environment?: Environment | undefined;
  /**
   * What host clients see: a `domain` of your own, a `cloudfront` distribution's, or the bare
   * `stage` URL, whose root belongs to AWS and which recent Claude clients therefore cannot
   * discover.
   * @default domain where one is given, else cloudfront
   */
  readonly urlMode?: UrlMode | undefined;
  /** URL mode `domain`. @default none */
  readonly domain?: DomainProps | undefined;
  /** Whose pages these are; docs/company.md. @default the product's, which name no owner */
  readonly brand?: BrandProps | undefined;
  /** Who logs in, and how; docs/company.md. @default invited users, with a password */
  readonly identity?: IdentitySettings | undefined;
  /**
   * Who may use which tool, prompt and resource, by name: `{ list_orders: { groups: ['finance'] } }`.
   * It goes before the `access` that stands beside the definition, so that who runs the deployment
   * decides without touching a tool. A name that nothing has fails the synthesis.
   * @default what stands beside each definition, else everybody who may log in
   */
  readonly access?: Readonly<Record<string, AccessRule>> | undefined;
  /**
   * Scopes of your own, beside `tools.read` and `tools.call`: `{ 'orders.write': { words: 'Change
   * your orders', implies: ['orders.read'] } }`. Tools, tokens and profiles name one
   * `gatehouse/orders.write`. Every client profile may have them, unless its `scopes` say otherwise.
   * @default none
   */
  readonly scopes?: Readonly<Record<string, ScopeProps>> | undefined;
  /**
   * How many calls one user may make, exactly (RATE-5). A person may have a limit of their own
   * beside. @default policy/limits: 30 a minute, 1,000 an hour
   */
  readonly userLimits?: UserLimitProps | undefined;
  /**
   * URL mode `cloudfront`: versions of the secret that the distribution proves itself to the stage
   * with. Replacing one takes two deployments: `{ current: 2, previous: 1 }`, then `{ current: 2
   * }`.
   * @default { current: 1 }
   */
  readonly originSecret?:
    | { readonly current: number; readonly previous?: number | undefined }
    | undefined;
  /**
   * Programs that call as themselves, with a client id and a secret (`client_credentials`);
   * docs/company.md. @default none, and nothing of it is advertised
   */
  readonly machines?: readonly MachineProps[] | undefined;
  /** @default those of policy/clients: claude, julius, loopback */
  readonly profiles?: readonly ClientProfileProps[] | undefined;
  /** Origins (https) that browsers may call from, beside those of policy/cors. @default none */
  readonly allowedOrigins?: readonly string[] | undefined;
  /**
   * Networks of your own whose people share a few addresses (an office, a VPN), with the ceiling of
   * one such address in place of the limits for one caller. At most 1,000 a minute each unless
   * given. @default none
   */
  readonly trustedNetworks?:
    | readonly {
        /** CIDR, IPv4 or IPv6 (a /64 or wider). */
        readonly ranges: readonly string[];
        readonly requestsPerMinute?: number | undefined;
      }[]
    | undefined;
  /**
   * Ranges (CIDR; IPv6 of /64 or wider) that are refused, at the login pages too. @default none
   */
  readonly blockedAddresses?: readonly string[] | undefined;
  /**
   * The only ranges that may call and log in. Hosted clients call from their own: without those of
   * Claude, for example, nobody connects from claude.ai. @default everybody
   */
  readonly allowedAddresses?: readonly string[] | undefined;
  /**
   * How long every log group but the audit trail's keeps its lines: one of the days that CloudWatch Logs takes.
   * @default policy/lifetimes: 365
   */
  readonly logRetentionDays?: number | undefined;
  /** On everything that can have tags. CDK's `Tags.of(mcp)` does the same. @default none */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /**
   * ARN of the managed policy that bounds every role. API Gateway's logging role is the account's and
   * is made without: where no role may be made so, `cloudWatchRole: false`. @default none
   */
  readonly permissionsBoundary?: string | undefined;
  /**
   * Changes that cut people or clients off (policy/deployment: breakingChanges), for the one
   * deployment that makes them; docs/upgrade.md. @default none: such a change is refused
   */
  readonly allowBreaking?: readonly BreakingChange[] | undefined;
  /** How a new version of the functions takes over. @default at once */
  readonly deployment?: DeploymentSettings | undefined;
  /**
   * For each function, by its name: how many instances it may have, taken from the account's own
   * limit, so that a flood of its calls leaves the others theirs; and how many are kept warm, which
   * is paid for by the hour. @default no bound but the account's, none kept warm
   */
  readonly concurrency?: Readonly<Partial<Record<FunctionName, Concurrency>>> | undefined;
  /**
   * Whether a schedule calls the functions that a first call after a pause meets, every few minutes
   * and with nothing to do, so that Lambda keeps an instance of each: docs/cost.md has the price.
   * Functions with provisioned instances are left alone.
   * @default true
   */
  readonly keepWarm?: boolean | undefined;
  /** The audit trail: who called what. @default hashed subjects, kept for 365 days */
  readonly audit?: AuditSettings | undefined;
  /** Who is written to when an alarm fires. @default nobody: subscribe to the topic yourself */
  readonly alarmEmail?: string | undefined;
  /**
   * Whether API Gateway logs requests. It writes with one role for the whole account and region,
   * which is made where the account has none, never overwritten and never removed. `false` leaves
   * out the role and the access log.
   * @default true
   */
  readonly cloudWatchRole?: boolean | undefined;
  /**
   * Limits by client address. One that AWS WAF cannot express fails the synthesis. @default
   * policy/limits
   */
  readonly addressLimits?: readonly AddressLimit[] | undefined;
  /**
   * Into how many shares the users of a client profile are divided (RATE-8). Each is two resources
   * for each profile, and a stack takes 500: give 16 where the stack has the room.
   * @default policy/limits: 4, and 16 in the product's own stack
   */
  readonly usagePlanShares?: number | undefined;
  /** What all clients together may do. @default policy/limits, for each that is left out */
  readonly methodThrottles?: Partial<MethodThrottles> | undefined;
}
