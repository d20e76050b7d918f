import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { User } from '../../local/cognito/cognito.ts';
import { type Gatehouse, startGatehouse } from '../../local/runtime.ts';
import { Browser } from './browser/browser-walk.ts';
import { aiSdk } from './clients/ai-sdk.ts';
import { inspectorLegacy, inspectorModern } from './clients/inspector.ts';
import { mcpRemoteLegacy, mcpRemoteModern } from './clients/mcp-remote.ts';
import { mcporter } from './clients/mcporter.ts';
import {
  type MetadataDocumentHost,
  serveMetadataDocument,
} from './clients/metadata-document-host.ts';
import { guessedPaths, rootMetadata } from './clients/root-probing.ts';
import { sdkV1 } from './clients/sdk-v1.ts';
import { sdkV2Legacy, sdkV2Modern } from './clients/sdk-v2.ts';
import type { Client, Setting } from './clients/story.ts';

/** Programs take seconds to start, several times, on a computer that may be busy. */
/** What Claude Code publishes: loopback redirects without a port. */
const claudeCode = 'https://claude.ai/oauth/claude-code-client-metadata';

interface Expected {
  readonly profile?: string;
  readonly protocolVersion?: string;
}

interface Case extends Expected {
  readonly name: string;
  readonly client: Client;
  readonly setting?: Partial<Setting>;
}

let documents: MetadataDocumentHost;
beforeAll(async () => {
  documents = await serveMetadataDocument(claudeCode, {
    client_name: 'Claude Code',
    redirect_uris: ['http://localhost/callback', 'http://127.0.0.1/callback'],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  });
});
afterAll(() => documents.stop());

/**
 * Each client is somebody else on another computer: the limits by address and by user would stop a
 * crowd behind one.
 */
const personFor = (index: number): User => ({
  email: `person-${index}@example.com`,
  password: randomBytes(12).toString('base64url'),
  emailVerified: true,
});
let callers = 0;

const tell = async (gatehouse: Gatehouse, { client, setting }: Case, person: User) => {
  callers += 1;
  const address = `127.0.1.${callers}`;
  const home = await mkdtemp(join(tmpdir(), 'gatehouse-client-'));
  try {
    const told = await client({
      mcpUrl: gatehouse.mcpUrl,
      browser: new Browser({ person, address }),
      address,
      home,
      ...setting,
    });
    return told;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
};

const story = (
  { email }: { readonly email: string },
  { profile = 'loopback', protocolVersion }: Expected,
) => ({
  ...(protocolVersion !== undefined && { protocolVersion }),
  tools: expect.arrayContaining(['whoami', 'security_posture']),
  whoami: {
    sub: expect.stringMatching(/^[0-9a-f-]{36}$/),
    username: expect.any(String),
    // Every profile grants it (AUTH-10).
    email,
    scopes: expect.arrayContaining(['gatehouse/tools.read', 'gatehouse/tools.call']),
    clientId: expect.any(String),
    profile,
  },
  logins: 1,
  afterRevocation: { status: 400, error: 'invalid_grant' },
});

const modern = '2026-07-28';
const legacy = '2025-11-25';

/**
 * These look where the challenge points and below the issuer, so a bare stage serves them as well.
 */
const everywhere: readonly Case[] = [
  { name: 'the official v2 client, modern era', client: sdkV2Modern, protocolVersion: modern },
  { name: 'the official v2 client, initialize era', client: sdkV2Legacy, protocolVersion: legacy },
  { name: 'the official v1 client', client: sdkV1, protocolVersion: legacy },
  { name: 'the AI SDK', client: aiSdk, protocolVersion: modern },
  {
    name: 'a pre-registered client',
    client: sdkV2Modern,
    protocolVersion: modern,
    setting: { clientId: 'loopback' },
  },
];

const programs: readonly Case[] = [
  { name: 'mcp-remote, modern era', client: mcpRemoteModern },
  { name: 'mcp-remote, initialize era', client: mcpRemoteLegacy },
  { name: 'MCP Inspector’s command line, modern era', client: inspectorModern },
  { name: 'MCP Inspector’s command line, initialize era', client: inspectorLegacy },
  { name: 'mcporter', client: mcporter },
];

// Claude and Julius run on their own servers and cannot be started here. The official client stands
// for them with their redirect URIs, and (for Claude) their way of identifying themselves; what it
// does not show is their own code.
const hosted: readonly Case[] = [
  {
    name: 'Claude’s redirect URI, registered',
    client: sdkV2Legacy,
    profile: 'claude',
    protocolVersion: legacy,
    setting: { redirectUrl: 'https://claude.ai/api/mcp/auth_callback' },
  },
  {
    name: 'Claude, a person having typed its client id',
    client: sdkV2Legacy,
    profile: 'claude',
    protocolVersion: legacy,
    setting: { redirectUrl: 'https://claude.com/api/mcp/auth_callback', clientId: 'claude' },
  },
  {
    name: 'a redirect URI on a host of Julius',
    client: sdkV2Legacy,
    profile: 'julius',
    protocolVersion: legacy,
    setting: { redirectUrl: 'https://app.julius.ai/api/mcp/oauth/callback' },
  },
  {
    name: 'Claude Code’s metadata document, with redirect URIs that name no port',
    client: sdkV2Legacy,
    protocolVersion: legacy,
    setting: { clientMetadataUrl: claudeCode },
  },
];

/** These never read the challenge: they need a host whose root is ours. */
const rootProbing: readonly Case[] = [
  {
    name: 'a client that looks at the host’s root alone',
    client: rootMetadata,
    protocolVersion: '2025-06-18',
  },
  {
    name: 'a client that guesses /authorize, /token and /register',
    client: guessedPaths,
    protocolVersion: '2025-06-18',
  },
];

// With another URL mode the host or the path is another, and nothing else: one client for each way
// to find the server, to identify itself and to be redirected is enough for `npm test`, and .ci/run
// has them all.
const everyLogin = process.env['GATEHOUSE_EVERY_CASE'] === '1';
const reading = [...everywhere, ...hosted, ...programs];
const oneOfAKind = [
  ...everywhere.slice(0, 1),
  ...everywhere.slice(-1),
  ...hosted.slice(0, 1),
  ...hosted.slice(-1),
];
const chosen = everyLogin
  ? 'every client'
  : 'one client of each kind (GATEHOUSE_EVERY_CASE=1: every one)';

describe.each([
  ['domain', 'every client', [...reading, ...rootProbing]],
  ['cloudfront', chosen, [...(everyLogin ? reading : oneOfAKind), ...rootProbing]],
  [
    'stage',
    `${chosen} but those that look at the host’s root alone (test/e2e/edge)`,
    everyLogin ? reading : everywhere,
  ],
] as const)('in URL mode %s, %s:', (urlMode, _which, cases) => {
  const rows = cases.map((each, index) => [each.name, each, personFor(index)] as const);
  let gatehouse: Gatehouse;
  beforeAll(async () => {
    const users = rows.map(([, , person]) => person);
    gatehouse = await startGatehouse({ urlMode, users, routes: [documents.route] });
  });
  afterAll(() => gatehouse.stop());

  it.each(rows)(
    '%s logs in, lists, refreshes, calls and is out after a revocation',
    async (_name, each, person) => {
      const told = await tell(gatehouse, each, person);
      expect(told).toEqual(story(person, each));
    },
  );
});
