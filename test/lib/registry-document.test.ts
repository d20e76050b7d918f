import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publicIdentity } from '../../lambdas/mcp/manifest/public-identity.ts';
import { readConfiguration } from '../../lib/configuration.ts';
import { GatehouseStack } from '../../lib/gatehouse-stack.ts';
import { registryDocumentOf } from '../../lib/registry-document.ts';
import { registryFaults } from './published-schemas.ts';
import { withDomain } from './synthesized.ts';
import { testApp } from './test-app.ts';

const documentsOf = (configuration: object): Record<string, unknown>[] => {
  const outdir = mkdtempSync(join(tmpdir(), 'gatehouse-registry-'));
  try {
    const app = testApp({ outdir });
    new GatehouseStack(app, 'Gatehouse', { configuration: readConfiguration(configuration) });
    return readdirSync(outdir)
      .filter((file) => file.endsWith('.server.json'))
      .map((file) => JSON.parse(readFileSync(join(outdir, file), 'utf8')));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
};

test('a deployment with a domain has a document for the MCP registry beside its template', () => {
  expect(documentsOf(withDomain)).toEqual([
    {
      $schema: 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json',
      name: 'com.example.mcp/gatehouse',
      title: 'Gatehouse',
      description: 'Gatehouse',
      version: '0.1.0',
      remotes: [{ type: 'streamable-http', url: 'https://mcp.example.com/mcp' }],
    },
  ]);
});

test('it is one that the published schema takes, whatever the server says of itself', () => {
  const [document] = documentsOf(withDomain);
  expect(registryFaults(document)).toEqual([]);
  const identity = publicIdentity({
    name: `orders & more ${'x'.repeat(300)}`,
    title: 'T'.repeat(101),
    version: '1.0.0',
    description: '😀'.repeat(150),
    websiteUrl: 'https://example.com/orders',
    icons: [
      { src: 'https://example.com/a.png', mimeType: 'image/png', sizes: ['48x48'], theme: 'dark' },
      { src: 'data:image/png;base64,AAAA' },
      { src: `https://example.com/${'x'.repeat(255)}` },
      { src: 'https://example.com/a.avif', mimeType: 'image/avif' },
    ],
  });
  const extreme = registryDocumentOf('https://mcp.example.com/mcp', identity);
  expect(registryFaults(extreme)).toEqual([]);
  expect(extreme.icons).toMatchObject([{ src: 'https://example.com/a.png' }]);
  expect(registryFaults({ ...extreme, icons: identity.icons })).toEqual([
    '/icons/1/src must match pattern "^https://"',
    '/icons/2/src must NOT have more than 255 characters',
    '/icons/3/mimeType must be equal to one of the allowed values',
  ]);
});

test('one whose URL is not known before the deployment has none', () => {
  expect(documentsOf({ urlMode: 'stage' })).toEqual([]);
});
