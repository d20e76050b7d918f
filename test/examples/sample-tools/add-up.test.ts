import { runInNewContext } from 'node:vm';
import {
  AppBridge,
  getToolUiResourceUri,
  RESOURCE_MIME_TYPE,
} from '@modelcontextprotocol/ext-apps/app-bridge';
import addUpPage from '../../../examples/sample-tools/resources/add-up-page.ts';
import addUp from '../../../examples/sample-tools/tools/add-up.ts';
import { serverOf } from '../../lambdas/mcp/exchange.ts';

const server = serverOf({ tools: [addUp], resources: [addUpPage] });

/** Parsed JSON that a test looks into. */
type Loose = ReturnType<typeof JSON.parse>;

const frameOf = (html: string) => {
  const output = { textContent: '' };
  const listeners: ((event: object) => void)[] = [];
  /** What the host hears. */
  const transport: Loose = {
    start: async () => {},
    close: async () => {},
    send: async (data: object) => {
      for (const listener of listeners) listener({ source: parent, data: structuredClone(data) });
    },
  };
  const parent = {
    postMessage: (data: object) => transport.onmessage?.(JSON.parse(JSON.stringify(data))),
  };
  const window = {
    parent,
    addEventListener: (_type: string, listener: (event: object) => void) =>
      listeners.push(listener),
  };
  const document = { getElementById: () => output };
  const [, script = ''] = /<script>([\s\S]*)<\/script>/.exec(html) ?? [];
  return { output, transport, load: () => runInNewContext(script, { window, document }) };
};

describe('a tool with a page', () => {
  it.each(['modern', 'legacy'] as const)(
    'declares MCP Apps to clients of the %s era',
    async (era) => {
      const { json } =
        era === 'modern'
          ? await server.modern('server/discover')
          : await server.legacy('initialize', {
              protocolVersion: '2025-11-25',
              capabilities: {},
              clientInfo: { name: 'test', version: '1' },
            });
      expect(json.result.capabilities.extensions).toEqual({ 'io.modelcontextprotocol/ui': {} });
    },
  );

  it('is declared by no server without one', async () => {
    const { json } = await serverOf({ tools: [{ ...addUp, _meta: {} }] }).modern('server/discover');
    expect(json.result.capabilities).not.toHaveProperty('extensions');
  });

  it('is shown by the official host library, with the result of the call', async () => {
    const { tools } = (await server.modern('tools/list')).json.result;
    const uri = getToolUiResourceUri(tools[0]) ?? '';
    const [content] = (await server.modern('resources/read', { uri })).json.result.contents;
    expect(content).toMatchObject({
      mimeType: RESOURCE_MIME_TYPE,
      _meta: { ui: { csp: { connectDomains: [] } } },
    });

    const frame = frameOf(content.text);
    const bridge = new AppBridge(null, { name: 'host', version: '1.0.0' }, {});
    const initialized = new Promise<void>((resolve) => {
      bridge.oninitialized = () => resolve();
    });
    await bridge.connect(frame.transport);
    frame.load();
    await initialized;
    const call = { name: 'add_up', arguments: { numbers: [1, 2, 39] } };
    const { json } = await server.modern('tools/call', call);
    await bridge.sendToolInput({ arguments: call.arguments });
    await bridge.sendToolResult(json.result);
    expect(frame.output.textContent).toBe(42);
    await bridge.close();
  });
});
