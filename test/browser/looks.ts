import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { accessibilityViolations, screenshot } from './chromium.ts';

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);

const looks = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [1024, 320].map((width) => [colorScheme, width] as const),
);

/** Judges and pictures a page as it stands: light, dark, wide, narrow. */
export const inEveryLook = async (page: Page, shot: string): Promise<void> => {
  for (const [colorScheme, width] of looks) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 640 });
    expect([shot, colorScheme, width, await accessibilityViolations(page, axeSource)]).toEqual([
      shot,
      colorScheme,
      width,
      [],
    ]);
    const overflow = await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    expect([shot, width, overflow]).toEqual([shot, width, 0]);
    await screenshot(page, `${shot}-${colorScheme}-${width}`);
  }
};
