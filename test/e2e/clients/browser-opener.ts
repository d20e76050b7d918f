import { mkdir, writeFile } from 'node:fs/promises';
import * as http from 'node:http';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Browser, Walk } from '../browser/browser-walk.ts';

export interface BrowserOpener {
  /**
   * What makes a program open its URLs here: `xdg-open` on the PATH, and `BROWSER` for those that
   * bring their own xdg-open.
   */
  readonly environment: Readonly<Record<string, string>>;
  /** Walks so far, in the order in which they began; a failed one rejects. */
  readonly walks: readonly Promise<Walk>[];
  stop(): Promise<void>;
}

/** Emulates the desktop: a program that opens a URL has it walked by the test's browser. */
export const startBrowserOpener = async (
  browser: Browser,
  home: string,
): Promise<BrowserOpener> => {
  const walks: Promise<Walk>[] = [];
  const server = http.createServer(async (request, response) => {
    const walk = browser.walk(await text(request));
    walk.catch(() => {});
    walks.push(walk);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  const folder = join(home, 'bin');
  await mkdir(folder, { recursive: true });
  const script = join(folder, 'xdg-open');
  const open = `fetch('http://127.0.0.1:${port}', { method: 'POST', body: process.argv[1] })`;
  await writeFile(
    script,
    `#!/bin/sh\nNODE_OPTIONS= exec '${process.execPath}' -e "${open}" "$1"\n`,
    { mode: 0o755 },
  );
  return {
    environment: { BROWSER: script, PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` },
    walks,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
