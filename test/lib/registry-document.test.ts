import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { readConfiguration } from '../../lib/configuration.ts';
import { GatehouseStack } from '../../lib/gatehouse-stack.ts';
import { withDomain } from './synthesized.ts';

const documentsOf = (configuration: object): Record<string, unknown>[] => {
  const outdir = mkdtempSync(join(tmpdir(), 'gatehouse-registry-'));
  try {
    const app = new App({ outdir, builtinCloudFormationValidation: false });
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

test('one whose URL is not known before the deployment has none', () => {
  expect(documentsOf({ urlMode: 'stage' })).toEqual([]);
});
