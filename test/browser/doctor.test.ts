import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { examine } from '../../bin/doctor/examine.ts';
import { readMcpUrl } from '../../bin/doctor/mcp-url.ts';
import { line, summary } from '../../bin/doctor/report.ts';
import { type Send, send } from '../../bin/doctor/send.ts';
import { type Gatehouse, startGatehouse } from '../../local/runtime.ts';
import { launch, screenshot } from './chromium.ts';

/** The doctor's table as a terminal of 120 columns shows it, green and red. */
const columns = 120;

let browser: Browser;
let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await startGatehouse();
  gatehouse.clock.stop();
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await gatehouse?.stop();
});

const shownInTerminal = async (name: string, command: string, table: string): Promise<void> => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.setContent(
    `<!doctype html><title>doctor</title><style>body{margin:0;background:#16191d;color:#e6e6e6}pre{font:13px/1.45 monospace;margin:0;padding:24px;width:${columns}ch;white-space:pre-wrap;overflow-wrap:anywhere}</style><pre></pre>`,
  );
  await page.locator('pre').evaluate((element, text) => {
    element.textContent = text;
  }, `$ ${command}\n${table}`);
  await screenshot(page, name);
  await page.close();
};

test('green: the command’s own output', async () => {
  const command = join(import.meta.dirname, '..', '..', 'bin', 'command.ts');
  const output = await new Promise<string>((resolve) => {
    const child = spawn(process.execPath, [command, 'doctor', gatehouse.mcpUrl]);
    let text = '';
    child.stdout.on('data', (data) => (text += data));
    child.on('close', () => resolve(text));
  });
  expect(output).toMatch(/\n\d+ passed, 0 failed, \d+ skipped\n$/);
  await shownInTerminal('doctor-green', `npx gatehouse doctor ${gatehouse.mcpUrl}`, output);
});

test('red: with the faults and their fixes below what failed', async () => {
  gatehouse.clock.advance(3_600_000);
  const weakened: Send = async (request) => {
    const response = await send(request);
    const headers = new Map(response.headers);
    headers.delete('strict-transport-security');
    headers.set('access-control-allow-origin', '*');
    return { ...response, headers };
  };
  const token = await gatehouse.cognito.mint({ resource: gatehouse.mcpUrl });
  const outcomes = await examine(
    { ...readMcpUrl(gatehouse.mcpUrl), send: weakened, token },
    { burst: false },
  );
  const table = `${outcomes.map(line).join('\n')}\n\n${summary(outcomes)}`;
  expect(table).toMatch(/^FAIL cors-foreign /m);
  expect(table).toMatch(/^ {7}fix: /m);
  await shownInTerminal('doctor-red', `npx gatehouse doctor ${gatehouse.mcpUrl}`, table);
});
