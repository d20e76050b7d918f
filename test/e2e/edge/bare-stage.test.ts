import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Gatehouse, startGatehouse } from '../../../local/runtime.ts';
import { welcome } from '../../../local/welcome.ts';
import { Browser } from '../browser/browser-walk.ts';
import { guessedPaths, rootMetadata } from '../clients/root-probing.ts';

describe('a client that looks at the host’s root alone, at a bare stage URL', () => {
  let gatehouse: Gatehouse;
  beforeAll(async () => {
    gatehouse = await startGatehouse({ urlMode: 'stage' });
  }, 240_000);
  afterAll(() => gatehouse?.stop());

  it.each([
    ['metadata', rootMetadata],
    ['guessed paths', guessedPaths],
  ])('finds nothing there: %s', async (_, client) => {
    const home = await mkdtemp(join(tmpdir(), 'gatehouse-client-'));
    const [person = { email: '', password: '' }] = gatehouse.users;
    const address = '127.0.1.1';
    try {
      await expect(client({ mcpUrl: gatehouse.mcpUrl, browser: new Browser({ person, address }), address, home })).rejects.toThrow(
        `POST ${gatehouse.origin}/register was answered 403`,
      );
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  });

  it('as the deployment says in its outputs, and the laptop when it starts', () => {
    const note = gatehouse.stack.outputs['Note'];
    expect(note).toMatch(/recent Claude clients probe only the root of the host, which belongs to AWS there, and fail without a message/);
    expect(note).toMatch(/leave out "urlMode".*or set "domain"/);
    expect(welcome(gatehouse)).toContain(note);
  });
});
