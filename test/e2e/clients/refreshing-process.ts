import {
  discoverAuthorizationServerMetadata,
  refreshAuthorization,
} from '@modelcontextprotocol/sdk/client/auth.js';

/**
 * A process of its own with the official client, which refreshes one stored login. It says that it
 * is ready, waits for a line on standard input, and writes the tokens that it got.
 */
const [server = '', resource = '', clientId = '', refreshToken = ''] = process.argv.slice(2);
const metadata = await discoverAuthorizationServerMetadata(server);
process.stdout.write('ready\n');
await new Promise((resolve) => process.stdin.once('data', resolve));
const tokens = await refreshAuthorization(server, {
  ...(metadata && { metadata }),
  clientInformation: { client_id: clientId },
  refreshToken,
  resource: new URL(resource),
});
process.stdout.write(`${JSON.stringify(tokens)}\n`, () => process.exit());
