import { deployedProfiles } from '../../lib/client-profiles.ts';
import { readConfiguration } from '../../lib/configuration.ts';
import { clientProfiles } from '../../policy/clients.ts';
import { readyProfiles } from '../../policy/ready-profiles.ts';

const deployed = (profiles: readonly object[]) =>
  deployedProfiles(readConfiguration({ profiles }).profiles);

describe('the deployed client profiles', () => {
  test("are policy's when nothing is said", () => {
    expect(deployed([])).toEqual(clientProfiles);
  });

  test('may have the scopes of one’s own, unless theirs are named', () => {
    const { profiles } = readConfiguration({
      profiles: [{ name: 'claude', scopes: ['gatehouse/tools.read'] }, { name: 'chatgpt' }],
    });
    const own = { 'gatehouse/orders.write': { words: 'Change your orders', implies: [] } };
    const scopes = deployedProfiles(profiles, own).map((profile) => [
      profile.name,
      profile.scopes.includes('gatehouse/orders.write'),
    ]);
    expect(Object.fromEntries(scopes)).toEqual({
      claude: false,
      julius: true,
      loopback: true,
      chatgpt: true,
    });
    expect(() =>
      deployedProfiles(
        readConfiguration({ profiles: [{ name: 'claude', scopes: ['gatehouse/orders.writ'] }] })
          .profiles,
        own,
      ),
    ).toThrow(
      'gatehouse/orders.writ is not a scope of the deployment (gatehouse/tools.read, gatehouse/tools.call, gatehouse/orders.write)',
    );
  });

  test('lose one that is switched off', () => {
    const names: readonly string[] = clientProfiles.map(({ name }) => name);
    expect(names).toContain('julius');
    expect(deployed([{ name: 'julius', enabled: false }]).map(({ name }) => name)).toEqual(
      names.filter((name) => name !== 'julius'),
    );
  });

  test('change in what is given and keep the rest', () => {
    const claude = deployed([{ name: 'claude', refreshTokenDays: 1 }]).find(
      ({ name }) => name === 'claude',
    );
    expect(claude).toEqual({ ...clientProfiles[0], refreshTokenDays: 1 });
  });

  test.each(Object.entries(readyProfiles))('gain the ready %s by its name alone', (name, ready) => {
    const { source, evidence, read, ...known } = ready;
    expect(deployed([{ name }]).at(-1)).toEqual({
      name,
      ...known,
      anyDocumentHost: false,
      scopes: ['gatehouse/tools.read', 'gatehouse/tools.call'],
      grantsEmail: true,
      accessTokenMinutes: 15,
      refreshTokenDays: 7,
      throttle: { ratePerSecond: 50, burst: 100 },
    });
    expect(source).toMatch(/^https:/);
    expect(['maker', 'servers']).toContain(evidence);
    expect(read).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  test('have no ready one unless it is named, and change one that is', () => {
    for (const name of Object.keys(readyProfiles))
      expect(deployed([]).map((profile) => profile.name)).not.toContain(name);
    expect(deployed([{ name: 'chatgpt', scopes: ['gatehouse/tools.read'] }]).at(-1)).toMatchObject({
      title: 'ChatGPT',
      redirectHosts: ['chatgpt.com'],
      scopes: ['gatehouse/tools.read'],
    });
  });

  test('have no ready one by a name of the language', () => {
    expect(() => deployed([{ name: 'constructor' }])).toThrow(/no client could ever belong/);
  });

  test('gain one, which may do little unless told', () => {
    expect(deployed([{ name: 'acme', redirectHosts: ['acme.example'] }]).at(-1)).toMatchObject({
      name: 'acme',
      redirectHosts: ['acme.example'],
      loopback: false,
      grantsEmail: true,
      scopes: ['gatehouse/tools.read'],
    });
  });

  test.each([
    [
      'nobody could log in',
      clientProfiles.map(({ name }) => ({ name, enabled: false })),
      /every client profile is switched off/,
    ],
    [
      'no client could belong to it',
      [{ name: 'acme' }],
      /profiles\.acme\.redirectUris: no client could ever belong/,
    ],
    [
      'documents of any host are taken without loopback',
      [{ name: 'claude', anyDocumentHost: true }],
      /profiles\.claude\.anyDocumentHost: .*loopback/,
    ],
    [
      'a redirect URI is not https',
      [{ name: 'acme', redirectUris: ['http://acme.example/cb'] }],
      /is not https/,
    ],
    [
      'a scope does not exist',
      [{ name: 'acme', loopback: true, scopes: ['admin'] }],
      /admin is not a scope of the deployment/,
    ],
  ])('are refused when %s', (_, profiles, message) => {
    expect(() => deployed(profiles)).toThrow(message);
  });
});
