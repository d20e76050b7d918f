import { profileFor } from '../../../lambdas/oauth/client-registry.ts';
import { tableRegistry } from '../../../lambdas/oauth/table-registry.ts';
import { clientProfiles } from '../../../policy/clients.ts';
import { memoryTable } from './memory-table.ts';

const now = new Date('2026-11-24T12:00:00Z');
const redirectUri = 'https://claude.ai/api/mcp/auth_callback';
const metadata = {
  name: 'An app',
  redirectUris: [redirectUri],
  applicationType: 'web',
  profile: 'claude',
} as const;

const registryOn = (table = memoryTable()) => ({
  table,
  registry: tableRegistry(table, clientProfiles),
});

describe('a registered client', () => {
  it('is found as it registered, with its own profile alone, until its registration expires or is kept', async () => {
    const { registry } = registryOn();
    const id = await registry.register(metadata, now);
    expect(id).toMatch(/^client_[0-9a-f]{64}$/);
    const found = await registry.find(id, redirectUri, now);
    expect(found).toEqual({
      id,
      name: 'An app',
      redirectUris: [redirectUri],
      profiles: clientProfiles.filter(({ name }) => name === 'claude'),
      selfNamed: true,
      unused: true,
    });
    await registry.keep(id);
    expect((await registry.find(id, redirectUri, now)).unused).toBe(false);
    const foreign = 'https://julius.ai/callback';
    expect(profileFor(found, foreign)).toBeUndefined();
    expect(profileFor({ ...found, redirectUris: [foreign] }, foreign)).toBeUndefined();
  });

  it('that is unknown is told how to come back', async () => {
    const { registry } = registryOn();
    await expect(registry.find(`client_${'0'.repeat(64)}`, redirectUri, now)).rejects.toMatchObject(
      {
        code: 'invalid_client',
        fix: expect.stringContaining('remove this server from the app'),
      },
    );
  });
});

it.each([`x-client_${'0'.repeat(64)}`, `client_${'0'.repeat(64)}0`, 'client_', 'nobody', ''])(
  'an id of no form of ours is refused without a look into the table: %j',
  async (id) => {
    const { registry, table } = registryOn();
    await expect(registry.find(id, redirectUri, now)).rejects.toMatchObject({
      code: 'invalid_client',
      fix: undefined,
    });
    expect(await registry.knows(id, now)).toBe(false);
    expect(table.accesses).toEqual([]);
  },
);
