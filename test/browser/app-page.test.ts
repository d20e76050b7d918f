import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import { getToolUiResourceUri } from '@modelcontextprotocol/ext-apps/app-bridge';
import { buildSync } from 'esbuild';
import type { Browser } from 'playwright-core';
import * as z from 'zod';
import addUpPage from '../../examples/sample-tools/resources/add-up-page.ts';
import addUp from '../../examples/sample-tools/tools/add-up.ts';
import { connect } from '../../lambdas/mcp/testing/index.ts';
import { accessibilityViolations, launch, screenshot } from './chromium.ts';

/**
 * A host as the official library makes one: the app's page in a sandboxed frame without an origin,
 * under the policy that its resource asks for, and a bridge that talks to it by `postMessage`.
 */
const hostSource = `
import { AppBridge, PostMessageTransport } from '@modelcontextprotocol/ext-apps/app-bridge';

globalThis.show = async ({ html, csp, input, result }) => {
  const frame = document.createElement('iframe');
  frame.title = 'App';
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.src = '/app?' + new URLSearchParams({ csp });
  document.querySelector('main').append(frame);
  const bridge = new AppBridge(null, { name: 'host', version: '1.0.0' }, {});
  const initialized = new Promise((resolve) => { bridge.oninitialized = resolve; });
  await bridge.connect(new PostMessageTransport(frame.contentWindow, frame.contentWindow));
  await initialized;
  await bridge.sendToolInput({ arguments: input });
  await bridge.sendToolResult(result);
};
`;

const bundled = (): string => {
  const { outputFiles } = buildSync({
    stdin: { contents: hostSource, resolveDir: import.meta.dirname },
    bundle: true,
    format: 'iife',
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
};

const hostPage = (script: string) => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Host</title>
<main><h1>Host</h1></main><script>${script.replaceAll('</script', '<\\/script')}</script></html>`;

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);

let server: Server;
let browser: Browser;
let origin: string;
/** The page of the resource, as the client read it. */
let html = '';
const client = connect({ tools: [addUp], resources: [addUpPage] });

beforeAll(async () => {
  const page = hostPage(bundled());
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://host.test');
    response.setHeader('content-type', 'text/html; charset=utf-8');
    if (pathname !== '/app') return response.end(page);
    return response.setHeader('content-security-policy', searchParams.get('csp') ?? '').end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  server?.close();
});

test('the page of a tool is shown by the official host library in a sandboxed frame, with the result of the call', async () => {
  const { tools } = z
    .object({ tools: z.array(z.looseObject({ name: z.string() })) })
    .parse(await client.request('tools/list'));
  const { contents } = await client.readResource(getToolUiResourceUri(Object(tools[0])) ?? '');
  html = String(contents[0]?.text);
  const input = { numbers: [1, 2, 39] };
  const result = await client.callTool('add_up', input);

  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(origin);
  // What a host makes of the domains that the resource asks for: none.
  const csp = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'";
  await page.evaluate(`show(${JSON.stringify({ csp, input, result })})`);
  const app = page.frameLocator('iframe');
  await app.getByText('The sum is 42.').waitFor();
  expect(errors).toEqual([]);
  await screenshot(page, 'app-page');
  expect(await accessibilityViolations(page, axeSource)).toEqual([]);
  await page.close();
});
