import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import * as z from 'zod';
import type { Gatehouse } from '../../local/runtime.ts';
import { Browser } from '../e2e/browser/browser-walk.ts';
import { checksIn, execute, isComplete, type Run, suitePath } from './execute.ts';

/** A port that is free now, for the suite's callback. */
const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

/**
 * The suite's scenarios for authorization servers against our issuer; the login that it asks a
 * person for is walked by the tests' browser.
 */
export const judgeAuthorization = async (
  gatehouse: Gatehouse,
  password: string,
  folder: string,
): Promise<Run> => {
  const port = await freePort();
  const registered = await fetch(`${gatehouse.publicUrl}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'Conformance',
      redirect_uris: [`http://127.0.0.1:${port}/callback`],
    }),
  });
  const { client_id: clientId } = z
    .object({ client_id: z.string() })
    .parse(await registered.json());
  const [{ email = '' } = {}] = gatehouse.users;
  const browser = new Browser({ person: { email, password } });
  let walked = false;
  const results = join(folder, 'authorization');
  const { code, output } = await execute(
    [
      ...[suitePath, 'authorization', '--url', gatehouse.publicUrl, '--output-dir', results],
      ...['--client-id', clientId, '--resource', gatehouse.mcpUrl, '--port', String(port)],
    ],
    {},
    (text) => {
      const [url] = /http\S+\/authorize\?\S+/.exec(text) ?? [];
      if (url === undefined || walked) return;
      walked = true;
      browser.walk(url).catch((error: unknown) => console.error(error));
    },
  );
  const checks = checksIn(results);
  return { revision: 'authorization', checks, passed: code === 0 && isComplete(checks), output };
};
