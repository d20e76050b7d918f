import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { makeAudit } from '../../bin/audit/audit.ts';
import { readCatalogue } from '../../bin/audit/catalogue.ts';
import { policyLines, readDocument, readSource } from '../../bin/audit/sources.ts';
import { write } from '../../bin/audit/write.ts';
import { changed } from '../judges/sabotage.ts';
import { templateOf } from '../judges/templates.ts';
import { accessibilityViolations, launch, screenshot } from './chromium.ts';

/** The page of `gatehouse audit`, green and red, as somebody opens the file. */
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');
const catalogue = readCatalogue(readDocument('controls.md'), readDocument('control-evidence.md'));
const passed = {
  passed: 3,
  failed: 0,
  skipped: 0,
  at: '2026-11-01T10:00:00.000Z',
  sources: '',
};
const good = templateOf('domain, production');
const bad = changed('AWS::CloudWatch::Alarm', { AlarmActions: [] })(good);

const pageOf = (template: typeof good): string => {
  const bill = {
    document: {},
    packages: [{ name: 'zod', version: '4.6.7', licence: 'MIT' }],
  };
  const audit = makeAudit({
    template: { stack: template.stack, resources: template.resources },
    catalogue,
    evidence: {
      readSource,
      policyLines,
      testResults: Object.fromEntries(catalogue.map(({ test }) => [test, passed])),
    },
    access: {},
    bill,
    firstDeployment: readDocument('first-deploy.md'),
    loggedFields: ['status', 'code'],
    now: new Date('2026-11-26T12:00:00Z'),
  });
  return write(audit, undefined, bill)['index.html'] ?? '';
};

let browser: Browser;
let folder: string;
beforeAll(async () => {
  browser = await launch();
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-audit-'));
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.each([
  ['green', good, 'All '],
  ['red', bad, ' lack evidence'],
] as const)('the audit page, %s', (name, template, verdict) => {
  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
    ['dark', 360],
  ] as const)('%s, %d px wide: reads well, loads nothing, fits', async (colorScheme, width) => {
    const file = join(folder, `${name}.html`);
    writeFileSync(file, pageOf(template));
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 } });
    const page = await context.newPage();
    const requested: string[] = [];
    page.on('request', (request) => requested.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    expect(requested).toEqual([pathToFileURL(file).href]);
    expect(await page.locator('main').textContent()).toContain(verdict);
    const overflow = await page.evaluate(() => {
      // biome-ignore lint/suspicious/noExplicitAny: the page's world has no types here.
      const { document, innerWidth } = globalThis as any;
      return document.documentElement.scrollWidth - innerWidth;
    });
    expect(overflow).toBeLessThanOrEqual(0);
    await screenshot(page, `audit-${name}-${colorScheme}-${width}`);
    expect(await accessibilityViolations(page, axeSource)).toEqual([]);
    await context.close();
  });
});

test('the audit page on paper has the evidence of each control, not its heading alone', async () => {
  const file = join(folder, 'paper.html');
  writeFileSync(file, pageOf(good));
  const page = await browser.newPage();
  await page.goto(pathToFileURL(file).href);
  const evidence = page.locator('#AUTH-1 li', { hasText: 'enforced by' });
  const isShown = () =>
    evidence.evaluate((element) => element.checkVisibility({ contentVisibilityAuto: true }));
  expect(await isShown()).toBe(false);
  await page.emulateMedia({ media: 'print' });
  expect(await isShown()).toBe(true);
  await page.close();
});

test('names that somebody chose are text on the audit page, however long', async () => {
  const hostile = '"><img src=x onerror=alert(1)><script>alert(1)</script>' + 'W'.repeat(400);
  const file = join(folder, 'hostile.html');
  const hostileGood = JSON.parse(
    JSON.stringify({ ...good, stack: hostile }).replaceAll('"claude"', JSON.stringify(hostile)),
  );
  writeFileSync(file, pageOf(hostileGood));
  const page = await browser.newPage({ viewport: { width: 360, height: 800 } });
  await page.goto(pathToFileURL(file).href);
  expect(await page.locator('img, script').count()).toBe(0);
  expect(await page.locator('h1').textContent()).toContain(hostile);
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
  await page.close();
});
