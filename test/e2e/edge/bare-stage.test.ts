import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Gatehouse, startGatehouse } from '../../../local/runtime.ts';
import { synthesize } from '../../../local/synthesis/synthesize.ts';
import { welcome } from '../../../local/welcome.ts';
import { Browser } from '../browser/browser-walk.ts';
import { guessedPaths, rootMetadata } from '../clients/root-probing.ts';

describe('a client that looks at the host’s root alone, at a bare stage URL', () => {
  let gatehouse: Gatehouse;
  beforeAll(async () => {
    gatehouse = await startGatehouse({ urlMode: 'stage' });
  });
  afterAll(() => gatehouse?.stop());

  it.each([
    ['metadata', rootMetadata],
    ['guessed paths', guessedPaths],
  ])('finds nothing there: %s', async (_, client) => {
    const home = await mkdtemp(join(tmpdir(), 'gatehouse-client-'));
    const [person = { email: '', password: '' }] = gatehouse.users;
    const address = '127.0.1.1';
    try {
      await expect(
        client({
          mcpUrl: gatehouse.mcpUrl,
          browser: new Browser({ person, address }),
          address,
          home,
        }),
      ).rejects.toThrow(`POST ${gatehouse.origin}/register was answered 403`);
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  });

  it('as the deployment says in its outputs and as a note of cdk deploy, and the local runtime when it starts', async () => {
    const note = gatehouse.stack.output('Note');
    expect(note).toMatch(
      /recent Claude clients probe only the root of the host, which belongs to AWS there, and fail without a message/,
    );
    expect(note).toMatch(/leave out "urlMode".*or set "domain"/);
    expect(welcome(gatehouse, 'none', 'logs')).toContain(note);
    // What the CDK's command line prints.
    const folder = await synthesize({ urlMode: 'stage' });
    const [file = ''] = (await readdir(folder)).filter((name) => name.endsWith('.metadata.json'));
    const told = Object.values(JSON.parse(await readFile(join(folder, file), 'utf8'))).flat();
    expect(told).toContainEqual(
      expect.objectContaining({
        type: 'aws:cdk:info',
        data: expect.stringContaining(String(note)),
      }),
    );
  });
});
