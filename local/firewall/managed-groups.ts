import type { GatewayRequest } from '../gateway/request.ts';

/**
 * AWS's managed rule groups, **approximately**. AWS publishes the name of each rule, what part of a
 * request it inspects, an example of what it looks for, and its label; the patterns themselves are
 * secret. The patterns here are the published examples and what users of the groups report, so a
 * request that passes here may be refused on AWS, and the other way round.
 * https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
 */
export interface ManagedRule {
  readonly name: string;
  /** Fully qualified, as rules after the group match it. */
  readonly label: string;
  /** @param bodyLimit - bytes of a body that the web ACL inspects. */
  readonly matches: (request: GatewayRequest, bodyLimit: number) => boolean;
}

/** The texts of one part of a request, as a rule inspects them. */
type Part = (request: GatewayRequest, bodyLimit: number) => readonly string[];

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
};

const parts = {
  QueryArguments: ({ query }) => [...query.values()].flat(),
  QueryString: ({ rawQuery }) => [rawQuery, decoded(rawQuery)],
  URIPath: ({ rawPath }) => [rawPath, decoded(rawPath)],
  Body: ({ body }, bodyLimit) => [body.subarray(0, bodyLimit).toString('utf8')],
  Header: ({ headers }) => headers.flat(),
  Cookie: (request) => [request.header('cookie') ?? ''],
  UserAgent: (request) => [request.header('user-agent') ?? ''],
  Method: ({ httpMethod }) => [httpMethod],
} as const satisfies Record<string, Part>;

type PartName = keyof typeof parts;
type Row = readonly [rule: string, label: string, matches: ManagedRule['matches']];

const contains =
  (part: PartName, pattern: RegExp): ManagedRule['matches'] =>
  (request, bodyLimit) =>
    parts[part](request, bodyLimit).some((text) => pattern.test(text));

/** A body counts with its whole length, not with what is inspected of it. */
const longerThan =
  (size: (request: GatewayRequest) => number, bytes: number): ManagedRule['matches'] =>
  (request) =>
    size(request) > bytes;

/** The same pattern in several parts: `EC2MetaDataSSRF_BODY`, `EC2MetaDataSSRF_URIPATH`, … */
const inParts = (name: string, pattern: RegExp, list: readonly PartName[]): readonly Row[] =>
  list.map((part) => [`${name}_${part.toUpperCase()}`, `${name}_${part}`, contains(part, pattern)]);

/** The metadata service, by its addresses, and a URL of the host itself (nx-plugin-for-aws #1016). */
const ownHost =
  /169\.254\.169\.254|fd00:ec2::254|https?:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?![\w.-])/i;
/** "Path traversal … using techniques like ../../". */
const localFile = /\.\.[/\\]\.\.[/\\]/;
/** "URLs that contain IPv4 addresses", with the schemes that AWS lists. */
const remoteFile = /(?:https?|ftps?|file):\/\/\d{1,3}(?:\.\d{1,3}){3}/i;
/** "Unsafe to read or run": AWS names .log and .ini. */
const restrictedExtension = /\.(?:log|ini)$/i;
const script = /<script\b|<[a-z][^>]{0,200}\son[a-z]{3,20}\s*=|javascript:/i;
/** `(java.lang.Runtime).getRuntime().exec("whoami")` */
const javaExecution = /java\.lang\.(?:Runtime|ProcessBuilder)/i;
/** `${jndi:ldap://example.com/}`, and the nested lookups that hide it. */
const log4j = /\$\{(?:jndi:|[^}]{0,50}\$\{)/i;
/** CVE-2025-55182: a reference to a prototype in React's wire format. */
const reactExecution = /\$\d+:(?:__proto__|constructor)/;

const coreRuleSet: readonly Row[] = [
  [
    'NoUserAgent_HEADER',
    'NoUserAgent_Header',
    (request) => request.header('user-agent') === undefined,
  ],
  ['UserAgent_BadBots_HEADER', 'BadBots_Header', contains('UserAgent', /\b(?:nessus|nmap)\b/i)],
  [
    'SizeRestrictions_QUERYSTRING',
    'SizeRestrictions_QueryString',
    longerThan(({ rawQuery }) => Buffer.byteLength(rawQuery), 2048),
  ],
  [
    'SizeRestrictions_Cookie_HEADER',
    'SizeRestrictions_Cookie_Header',
    longerThan((request) => Buffer.byteLength(request.header('cookie') ?? ''), 10_240),
  ],
  ['SizeRestrictions_BODY', 'SizeRestrictions_Body', longerThan(({ body }) => body.length, 8192)],
  [
    'SizeRestrictions_URIPATH',
    'SizeRestrictions_URIPath',
    longerThan(({ rawPath }) => Buffer.byteLength(rawPath), 1024),
  ],
  ...inParts('EC2MetaDataSSRF', ownHost, ['Body', 'Cookie', 'URIPath', 'QueryArguments']),
  ...inParts('GenericLFI', localFile, ['QueryArguments', 'URIPath', 'Body']),
  ...inParts('RestrictedExtensions', restrictedExtension, ['URIPath', 'QueryArguments']),
  ...inParts('GenericRFI', remoteFile, ['QueryArguments', 'Body', 'URIPath']),
  ...inParts('CrossSiteScripting', script, ['Cookie', 'QueryArguments', 'Body', 'URIPath']),
];

const knownBadInputs: readonly Row[] = [
  ...inParts('JavaDeserializationRCE', javaExecution, ['Header', 'Body', 'URIPath', 'QueryString']),
  // Every request here is for localhost, which stands for the deployment's own name.
  ['Host_localhost_HEADER', 'Host_Localhost_Header', () => false],
  ['PROPFIND_METHOD', 'Propfind_Method', contains('Method', /^PROPFIND$/i)],
  ['ExploitablePaths_URIPATH', 'ExploitablePaths_URIPath', contains('URIPath', /\/web-inf\b/i)],
  ...inParts('Log4JRCE', log4j, ['Header', 'QueryString', 'Body', 'URIPath']),
  ...inParts('ReactJSRCE', reactExecution, ['Body']),
];

/** Lists of addresses that AWS does not publish; no address of this computer is on one. */
const ipReputation: readonly Row[] = [
  ['AWSManagedIPReputationList', 'AWSManagedIPReputationList', () => false],
  ['AWSManagedReconnaissanceList', 'AWSManagedReconnaissanceList', () => false],
  ['AWSManagedIPDDoSList', 'AWSManagedIPDDoSList', () => false],
];

const rulesOf = (namespace: string, rows: readonly Row[]): readonly ManagedRule[] =>
  rows.map(([name, label, matches]) => ({
    name,
    label: `awswaf:managed:aws:${namespace}:${label}`,
    matches,
  }));

/** The groups that are emulated, by AWS's names. */
export const managedGroups: ReadonlyMap<string, readonly ManagedRule[]> = new Map([
  ['AWSManagedRulesCommonRuleSet', rulesOf('core-rule-set', coreRuleSet)],
  ['AWSManagedRulesKnownBadInputsRuleSet', rulesOf('known-bad-inputs', knownBadInputs)],
  ['AWSManagedRulesAmazonIpReputationList', rulesOf('amazon-ip-list', ipReputation)],
]);
