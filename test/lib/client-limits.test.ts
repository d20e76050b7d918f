import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Stack } from 'aws-cdk-lib/core';
import { bundles } from '../../lib/bundle/bundle.ts';
import { clientFindings } from '../../lib/client-limits.ts';
import { Gatehouse } from '../../lib/gatehouse.ts';
import { clientLimits } from '../../policy/client-limits.ts';
import { testApp } from './test-app.ts';

const tool = (more: object = {}) => ({
  name: 'add',
  description: 'Adds.',
  inputSchema: { type: 'object', properties: { a: {} } },
  ...more,
});
const findingsOf = (...tools: object[]) => clientFindings({ tools });
const inputSchema = (more: object) => ({ inputSchema: { type: 'object', ...more } });

describe('what clients refuse', () => {
  test.each([
    ['a name with a dot', tool({ name: 'orders.list' }), clientLimits.toolName],
    ['a name of 65 characters', tool({ name: 'x'.repeat(65) }), clientLimits.toolName],
    [
      'an argument $filter',
      tool(inputSchema({ properties: { $filter: {} } })),
      clientLimits.argumentName,
    ],
    [
      'an argument a[b]',
      tool(inputSchema({ properties: { 'a[b]': {} } })),
      clientLimits.argumentName,
    ],
    ['a union of arguments', tool(inputSchema({ oneOf: [] })), clientLimits.schemaUnion],
    [
      'a description of 1025 characters',
      tool({ description: 'x'.repeat(1025) }),
      clientLimits.descriptionCharacters,
    ],
  ])('%s is named with the client and the source', (_name, refused, { client, source }) => {
    const findings = findingsOf(tool(), refused);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toContain(client);
    expect(findings[0]).toContain(source);
  });

  test('is more than 128 tools', () => {
    const many = (count: number) => Array.from({ length: count }, () => tool());
    expect(findingsOf(...many(128))).toEqual([]);
    expect(findingsOf(...many(129))).toEqual([expect.stringContaining('GitHub Copilot')]);
  });

  test('is nothing at the very edge, and nothing of the default server', () => {
    const edge = tool({
      name: 'x'.repeat(64),
      description: 'x'.repeat(1024),
      ...inputSchema({ properties: { 'a.b-c_D': {}, ['x'.repeat(64)]: {} } }),
    });
    expect(findingsOf(edge)).toEqual([]);
    expect(clientFindings(bundles().manifest.catalogue)).toEqual([]);
  });
});

describe('a definition that a client would refuse', () => {
  const entry = mkdtempSync(join(tmpdir(), 'gatehouse-clients-'));
  beforeAll(() => {
    const authoring = join(import.meta.dirname, '../../lambdas/mcp/authoring/index.ts');
    mkdirSync(join(entry, 'tools'));
    writeFileSync(
      join(entry, 'tools', 'list.ts'),
      `import { z } from ${JSON.stringify(join(import.meta.dirname, '../../node_modules/zod/index.js'))};
import { defineTool } from ${JSON.stringify(authoring)};
export default defineTool({
  name: 'orders.list', title: 'Orders', description: 'Lists.', input: z.object({}), scopes: [],
  annotations: {}, handler: () => 'none',
});`,
    );
  });
  afterAll(() => rmSync(entry, { recursive: true, force: true }));

  const stackWith = (clientLimitsMode?: 'warn' | 'refuse') => {
    const stack = new Stack(testApp(), 'Clients', {
      env: { account: '123456789012', region: 'eu-west-1' },
    });
    new Gatehouse(stack, 'Mcp', {
      urlMode: 'stage',
      entry,
      tools: { clientLimits: clientLimitsMode },
    });
    return stack;
  };

  test('is a warning in the synthesis', () => {
    Annotations.fromStack(stackWith()).hasWarning(
      '/Clients/Mcp',
      Match.stringLikeRegexp('The name of the tool "orders\\.list" .* Claude'),
    );
  });

  test('ends the synthesis where the app asks for that', () => {
    expect(() => stackWith('refuse')).toThrow(
      /Clients would refuse these definitions:\nThe name of the tool "orders\.list"/,
    );
  });
});
