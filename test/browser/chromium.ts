import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

// First the one without windows, as `.ci/run` installs it: a context of it takes a fifth of the
// processor's time, because no profile with a browser's own services is made for it.
const executablePath = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => existsSync(path));

/** Screenshots are an artefact of the run: a reviewer looks at them. */
const folder = join(import.meta.dirname, '../../artifacts/screenshots');

/** A bound on hanging: Playwright's own of half a minute is met by a page on a slow machine. */
const hangingMilliseconds = 300_000;

/** A headless Chromium that talks to nobody but us. */
export const launch = async (): Promise<Browser> => {
  if (executablePath === undefined)
    throw new Error(
      'No Chromium here. Debian: apt-get install chromium-headless-shell (as .ci/run does).',
    );
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const newContext = browser.newContext.bind(browser);
  // Pages are made by it too.
  browser.newContext = async (options) => {
    const context = await newContext(options);
    context.setDefaultTimeout(hangingMilliseconds);
    return context;
  };
  return browser;
};

export const screenshot = async (page: Page, name: string): Promise<void> => {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
};

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/**
 * axe-core's verdict on the page as it stands, by WCAG 2.2 A and AA and its best practices. The
 * page itself runs no script, so axe is evaluated beside it.
 */
export const accessibilityViolations = async (
  page: Page,
  axeSource: string,
): Promise<readonly string[]> => {
  // Half a megabyte, once for each document.
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(axeSource);
  const violations = await page.evaluate(async (): Promise<readonly Violation[]> => {
    // biome-ignore lint/suspicious/noExplicitAny: axe lives in the page's world, which has no types here.
    const { axe } = globalThis as any;
    return (await axe.run(globalThis['document' as never], { resultTypes: ['violations'] }))
      .violations;
  });
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`).join('; ')}`,
  );
};
