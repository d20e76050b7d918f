import { deployedProfiles } from '../../lib/client-profiles.ts';
import { readConfiguration } from '../../lib/configuration.ts';
import { type ReadyProfile, readyProfiles } from '../../policy/ready-profiles.ts';
import { front, requestFor } from '../lambdas/oauth/front.ts';

/** A connection's own path, where a client has one for each. */
const ownPaths: Readonly<Record<string, string>> = {
  chatgpt: 'https://chatgpt.com/connector/oauth/cb_8f3KzQ2-x',
  'copilot-studio': 'https://global.consent.azure-apim.net/redirect/new-5fmcp-5f0123456789abcdef',
};

describe.each(Object.entries<ReadyProfile>(readyProfiles))(
  'the ready profile %s',
  (name, ready) => {
    const gatehouse = () =>
      front({ profiles: deployedProfiles(readConfiguration({ profiles: [{ name }] }).profiles) });
    const uris = [...ready.redirectUris, ...(ownPaths[name] ? [ownPaths[name]] : [])];

    test('has a path of its own in this test where it takes any of a host', () => {
      expect(ready.redirectHosts.length > 0).toBe(ownPaths[name] !== undefined);
    });

    test('registers its client with every redirect URI, and shows the consent page for each', async () => {
      const server = gatehouse();
      const response = await server.register({ client_name: ready.title, redirect_uris: uris });
      expect(response.status).toBe(201);
      const { client_id, redirect_uris } = JSON.parse(response.body);
      expect(redirect_uris).toEqual([...uris].sort());
      for (const uri of uris) {
        const page = await server.authorize(requestFor(client_id, uri));
        expect([uri, page.status]).toEqual([uri, 200]);
      }
    });

    test('is what takes them: without it they are refused, unless another profile has them', async () => {
      const { status } = await front().register({ redirect_uris: uris });
      // VS Code's stand in the profile `loopback`, which is on unless switched off.
      expect(status).toBe(name === 'vscode' ? 201 : 400);
    });
  },
);
