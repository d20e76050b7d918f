import type { OutboundResponse } from '../../../lambdas/http/outbound-request.ts';
import type { Network } from '../../../lambdas/http/public-fetch.ts';
import { isDocumentUrl } from '../../../lambdas/oauth/metadata-document.ts';
import { clientProfiles } from '../../../policy/clients.ts';
import { documentFetches } from '../../../policy/limits.ts';
import { cookieHeader, formOf, front, refreshOf, requestFor } from './front.ts';

const url = 'https://claude.ai/oauth/some-client-metadata';
const publicAddress = { address: '160.79.104.10', family: 4 };
const local = 'http://localhost:51234/callback';

const claudeCode = {
  client_id: url,
  client_name: 'Claude Code',
  redirect_uris: ['http://localhost/callback', 'http://127.0.0.1/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
};

const documentResponse = (
  json: unknown,
  more: Partial<OutboundResponse> = {},
): OutboundResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json', 'cache-control': 'max-age=3600' },
  text: JSON.stringify(json) ?? '',
  json,
  ...more,
});

const networkOf = (response: OutboundResponse | Error, addresses = [publicAddress]) => {
  const gets: { url: string; address: string }[] = [];
  const network: Network = {
    resolve: async () => addresses,
    get: async (target, { address }) => {
      gets.push({ url: target.href, address });
      if (response instanceof Error) throw response;
      return response;
    },
  };
  return { network, gets };
};

describe('a client metadata document', () => {
  it('logs its client in, on any port of the portless loopback URIs that it lists', async () => {
    const { network, gets } = networkOf(documentResponse(claudeCode));
    const gatehouse = front({ network });
    const page = await gatehouse.authorize(requestFor(url, local));
    expect(page.status).toBe(200);
    expect(page.body).toContain('<blockquote dir="auto">Claude Code</blockquote>');
    expect(page.body).toContain('in a document at <strong>claude.ai</strong>:');
    expect(page.accesses).toEqual(['get document#', 'put document#']);
    expect(gets).toEqual([{ url, address: '160.79.104.10' }]);
    const approved = await gatehouse.consent(
      { ...formOf(page.body), decision: 'approve' },
      { headers: cookieHeader(page.cookies) },
    );
    expect(refreshOf(approved.body).searchParams.get('client_id')).toBe('apploopback');
    expect(approved.accesses).toEqual(['get document#', 'put transaction#']);
    expect(gets).toHaveLength(1);
  });

  it('may prefer to sign, as ChatGPT’s does, as long as it can do without', async () => {
    const signing = {
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_methods_supported: ['none', 'private_key_jwt'],
    };
    const gatehouse = front({
      network: networkOf(documentResponse({ ...claudeCode, ...signing })).network,
    });
    expect((await gatehouse.authorize(requestFor(url, local))).status).toBe(200);
  });

  it('is called by its host when nothing of its own name can be seen', async () => {
    const gatehouse = front({
      network: networkOf(documentResponse({ ...claudeCode, client_name: '\u200b' })).network,
    });
    expect((await gatehouse.authorize(requestFor(url, local))).body).toContain(
      '<blockquote dir="auto">claude.ai</blockquote>',
    );
  });

  it('gives the profile of the redirect URI that is requested for', async () => {
    const both = {
      ...claudeCode,
      redirect_uris: ['https://claude.ai/api/mcp/auth_callback', 'http://localhost/callback'],
    };
    const gatehouse = front({ network: networkOf(documentResponse(both)).network });
    for (const [redirect, app] of [
      ['https://claude.ai/api/mcp/auth_callback', 'appclaude'],
      [local, 'apploopback'],
    ] as const) {
      const page = await gatehouse.authorize(requestFor(url, redirect));
      const approved = await gatehouse.consent(
        { ...formOf(page.body), decision: 'approve' },
        { headers: cookieHeader(page.cookies) },
      );
      expect(refreshOf(approved.body).searchParams.get('client_id')).toBe(app);
    }
  });

  it('is kept as long as HTTP says, and read again after that', async () => {
    const { network, gets } = networkOf(documentResponse(claudeCode));
    const gatehouse = front({ network });
    await gatehouse.authorize(requestFor(url, local));
    gatehouse.later(3599);
    await gatehouse.authorize(requestFor(url, local));
    expect(gets).toHaveLength(1);
    gatehouse.later(1);
    await gatehouse.authorize(requestFor(url, local));
    expect(gets).toHaveLength(2);
  });

  it('may grow stale while the consent page is open, but not for longer than the page lives', async () => {
    const { network, gets } = networkOf(documentResponse(claudeCode));
    const gatehouse = front({ network });
    await gatehouse.authorize(requestFor(url, local));
    gatehouse.later(3500);
    const page = await gatehouse.authorize(requestFor(url, local));
    const approve = () =>
      gatehouse.consent(
        { ...formOf(page.body), decision: 'approve' },
        { headers: cookieHeader(page.cookies) },
      );
    gatehouse.later(500);
    expect((await approve()).status).toBe(200);
    expect(gets).toHaveLength(1);
    gatehouse.later(600);
    const late = await approve();
    expect({ status: late.status, events: late.events }).toEqual({
      status: 400,
      events: ['AuthenticationFailure'],
    });
  });

  it('that says something else is shown again, in every browser that approved before', async () => {
    const redirect = 'https://claude.ai/api/mcp/auth_callback';
    let current: object = { ...claudeCode, redirect_uris: [redirect] };
    const network: Network = {
      resolve: async () => [publicAddress],
      get: async () => documentResponse(current),
    };
    const gatehouse = front({ network });
    const requested = requestFor(url, redirect);
    const approvedBrowser = async () => {
      const page = await gatehouse.authorize(requested);
      const approved = await gatehouse.consent(
        { ...formOf(page.body), decision: 'approve' },
        { headers: cookieHeader(page.cookies) },
      );
      return cookieHeader(approved.cookies);
    };
    const browsers = [await approvedBrowser(), await approvedBrowser()];
    const areAsked = async () => {
      const found: boolean[] = [];
      for (const headers of browsers) {
        const page = await gatehouse.authorize(requested, { headers });
        found.push(page.body.includes('<h1>Allow an app to connect?</h1>'));
      }
      return found;
    };
    expect(await areAsked()).toEqual([false, false]);
    // Read anew, the same: nobody is requested.
    gatehouse.later(3600);
    expect(await areAsked()).toEqual([false, false]);
    for (const change of [
      { client_name: 'Claude Code, new' },
      { redirect_uris: [redirect, 'http://localhost/other'] },
    ]) {
      current = { ...current, ...change };
      gatehouse.later(3600);
      expect(await areAsked()).toEqual([true, true]);
    }
  });

  describe('that cannot be fetched any more', () => {
    const goingDown = () => {
      let down = false;
      const network: Network = {
        resolve: async () => [publicAddress],
        get: async () => {
          if (down) throw new Error('connection refused');
          return documentResponse(claudeCode);
        },
      };
      return { network, goDown: () => (down = true) };
    };

    it('stands in with its last good copy for a week, and no longer', async () => {
      const { network, goDown } = goingDown();
      const gatehouse = front({ network });
      await gatehouse.authorize(requestFor(url, local));
      goDown();
      for (const days of [1, 5]) {
        gatehouse.later(days * 86_400);
        const page = await gatehouse.authorize(requestFor(url, local));
        expect([page.status, page.events, page.accesses]).toEqual([
          200,
          [],
          ['get document#', 'put document#'],
        ]);
        const approved = await gatehouse.consent(
          { ...formOf(page.body), decision: 'approve' },
          { headers: cookieHeader(page.cookies) },
        );
        expect(approved.status).toBe(200);
      }
      gatehouse.later(2 * 86_400);
      expect((await gatehouse.authorize(requestFor(url, local))).status).toBe(401);
    });

    it.each([404, 410])(
      'does not stand in for one that is gone (%i), nor later',
      async (status) => {
        let current = documentResponse(claudeCode);
        const network: Network = { resolve: async () => [publicAddress], get: async () => current };
        const gatehouse = front({ network });
        await gatehouse.authorize(requestFor(url, local));
        gatehouse.later(3600);
        for (const next of [status, 503]) {
          current = documentResponse(undefined, { status: next });
          const page = await gatehouse.authorize(requestFor(url, local));
          expect([page.status, page.events]).toEqual([401, ['AuthenticationFailure']]);
          expect(page.accesses.length).toBeLessThanOrEqual(2);
        }
      },
    );

    it.each([404, 410])('gives no built-in copy of one that is gone (%i)', async (status) => {
      const gatehouse = front({
        network: networkOf(documentResponse(undefined, { status })).network,
      });
      const id = 'https://claude.ai/oauth/claude-code-client-metadata';
      expect((await gatehouse.authorize(requestFor(id, local))).status).toBe(401);
    });

    it('does not stand in for one that was changed into something unusable', async () => {
      let document: object = claudeCode;
      const network: Network = {
        resolve: async () => [publicAddress],
        get: async () => documentResponse(document),
      };
      const gatehouse = front({ network });
      await gatehouse.authorize(requestFor(url, local));
      document = { ...claudeCode, client_id: 'https://claude.ai/another' };
      gatehouse.later(3600);
      expect((await gatehouse.authorize(requestFor(url, local))).status).toBe(401);
    });

    it.each([
      [
        'Claude',
        'https://claude.ai/oauth/mcp-oauth-client-metadata',
        'https://claude.ai/api/mcp/auth_callback',
        'appclaude',
      ],
      ['Claude Code', 'https://claude.ai/oauth/claude-code-client-metadata', local, 'apploopback'],
    ])(
      'never was, though %s needs it: policy knows what it says',
      async (name, id, redirect, app) => {
        const challenge = documentResponse(undefined, {
          status: 403,
          headers: { 'content-type': 'text/html' },
        });
        const gatehouse = front({ network: networkOf(challenge).network });
        const page = await gatehouse.authorize(requestFor(id, redirect));
        expect(page.body).toContain(`<blockquote dir="auto">${name}</blockquote>`);
        const approved = await gatehouse.consent(
          { ...formOf(page.body), decision: 'approve' },
          { headers: cookieHeader(page.cookies) },
        );
        expect(refreshOf(approved.body).searchParams.get('client_id')).toBe(app);
        expect(
          (await gatehouse.authorize(requestFor(id, 'https://evil.example/callback'))).status,
        ).toBe(400);
      },
    );
  });

  describe('is refused on a page, with a security event,', () => {
    const expectRefused = async (
      response: OutboundResponse | Error,
      addresses?: { address: string; family: number }[],
      redirect = local,
    ) => {
      const { network, gets } = networkOf(response, addresses);
      const gatehouse = front({ network });
      const page = await gatehouse.authorize(requestFor(url, redirect));
      expect(page.status).toBeGreaterThanOrEqual(400);
      expect(page.headers['location']).toBeUndefined();
      expect(page.events).toHaveLength(1);
      return { gets, items: [...gatehouse.table.items.values()], page };
    };

    it.each([
      ['instance metadata', '169.254.169.254', 4],
      ['loopback', '127.0.0.1', 4],
      ['a private network', '10.1.2.3', 4],
      ['IPv6 loopback', '::1', 6],
      ['an IPv4-mapped address', '::ffff:169.254.169.254', 6],
      ['a unique local address', 'fd00:ec2::254', 6],
    ])('when its name resolves to %s: nothing is connected to', async (_, address, family) => {
      const { gets } = await expectRefused(documentResponse(claudeCode), [{ address, family }]);
      expect(gets).toEqual([]);
      expect(
        (await expectRefused(documentResponse(claudeCode), [publicAddress, { address, family }]))
          .gets,
      ).toEqual([]);
    });

    it('when the name server gives no address', async () => {
      expect((await expectRefused(documentResponse(claudeCode), [])).gets).toEqual([]);
    });

    it('when the response of the name server changes between check and connection: it is requested once, and that address is used', async () => {
      let requested = 0;
      const gets: string[] = [];
      const network: Network = {
        resolve: async () => [
          requested++ === 0 ? publicAddress : { address: '127.0.0.1', family: 4 },
        ],
        get: async (_, { address }) => {
          gets.push(address);
          return documentResponse(claudeCode);
        },
      };
      expect((await front({ network }).authorize(requestFor(url, local))).status).toBe(200);
      expect({ requested, gets }).toEqual({ requested: 1, gets: [publicAddress.address] });
    });

    it.each([
      [
        'a redirect',
        documentResponse(undefined, {
          status: 302,
          headers: { location: 'http://169.254.169.254/' },
        }),
      ],
      ['an error', documentResponse(claudeCode, { status: 500 })],
      [
        'not JSON by its type',
        documentResponse(claudeCode, { headers: { 'content-type': 'text/html' } }),
      ],
      [
        'JSON by its end only',
        documentResponse(claudeCode, { headers: { 'content-type': 'text/x-application/json' } }),
      ],
      ['not JSON', documentResponse(undefined)],
      ['too long, or too slow', new Error('cut off')],
      ['another client’s', documentResponse({ ...claudeCode, client_id: `${url}/` })],
      ['without a name', documentResponse({ ...claudeCode, client_name: '' })],
      ['without redirect URIs', documentResponse({ ...claudeCode, redirect_uris: [] })],
      [
        'with too many redirect URIs',
        documentResponse({
          ...claudeCode,
          redirect_uris: Array(11).fill('http://localhost/callback'),
        }),
      ],
      [
        'one of a confidential client',
        documentResponse({ ...claudeCode, token_endpoint_auth_method: 'client_secret_basic' }),
      ],
      [
        'one of a client that must sign',
        documentResponse({
          ...claudeCode,
          token_endpoint_auth_methods_supported: ['private_key_jwt'],
        }),
      ],
      ['one with a secret', documentResponse({ ...claudeCode, client_secret: 'public' })],
      [
        'for another grant',
        documentResponse({ ...claudeCode, grant_types: ['client_credentials'] }),
      ],
      ['a list', documentResponse([claudeCode])],
    ])('when it is %s, and nothing but that is kept', async (_, response) => {
      const { items, page } = await expectRefused(response);
      expect(items).toEqual([
        expect.objectContaining({ name: '', redirectUris: [], failure: 'unusable' }),
      ]);
      expect(page.events).toEqual(['AuthenticationFailure']);
    });

    it('when it does not list the redirect URI, or lists one that no profile takes', async () => {
      await expectRefused(documentResponse(claudeCode), undefined, 'http://localhost:51234/other');
      const evil = { ...claudeCode, redirect_uris: ['https://evil.example/cb'] };
      await expectRefused(documentResponse(evil), undefined, 'https://evil.example/cb');
    });

    it('when its host is on no profile’s list and the redirect URI is not loopback, without a look-up or a table access', async () => {
      const { network, gets } = networkOf(documentResponse(claudeCode));
      const page = await front({ network }).authorize(
        requestFor('https://evil.example/client.json', 'https://claude.ai/api/mcp/auth_callback'),
      );
      expect({ status: page.status, events: page.events, accesses: page.accesses, gets }).toEqual({
        status: 401,
        events: ['AuthenticationFailure'],
        accesses: [],
        gets: [],
      });
    });
  });
});

describe('a document of any public host', () => {
  // As they were published in November 2026: the hosts are on no list.
  const published = [
    ['Codex', 'https://chatgpt.com/oauth/codex/client.json', 'http://127.0.0.1/callback'],
    ['Zed', 'https://zed.dev/oauth/client-metadata.json', 'http://127.0.0.1:1234/callback'],
    [
      'Goose',
      'https://goose-docs.ai/oauth/client-metadata.json',
      'http://127.0.0.1/oauth_callback',
    ],
  ] as const;
  const documentOf = (client_id: string, ...redirect_uris: string[]) =>
    documentResponse({ client_id, client_name: 'A program', redirect_uris });

  it.each(published)(
    'logs %s in on a loopback URI: requested each time, never remembered, signed in anew',
    async (_, id, listed) => {
      const { network, gets } = networkOf(documentOf(id, listed));
      const gatehouse = front({ network });
      const redirect = listed.replace(/127\.0\.0\.1(:\d+)?/, '127.0.0.1:43133');
      const page = await gatehouse.authorize(requestFor(id, redirect));
      expect(page.status).toBe(200);
      expect(page.accesses).toEqual(['get document#', 'update fetches#', 'put document#']);
      expect(page.body).toContain(`in a document at <strong>${new URL(id).host}</strong>`);
      expect(page.body).toContain('This app runs on your own computer.');
      const approved = await gatehouse.consent(
        { ...formOf(page.body), decision: 'approve' },
        { headers: cookieHeader(page.cookies) },
      );
      expect(refreshOf(approved.body).searchParams.get('prompt')).toBe('login');
      expect(refreshOf(approved.body).searchParams.get('client_id')).toBe('apploopback');
      expect(approved.cookies.join()).not.toContain('approved');
      const again = await gatehouse.authorize(requestFor(id, redirect), {
        headers: cookieHeader(approved.cookies),
      });
      expect(again.status).toBe(200);
      expect(gets).toHaveLength(1);
    },
  );

  it('has no https redirect URI, though its document and a profile list that', async () => {
    const id = 'https://evil.example/client.json';
    for (const redirect of [
      'https://claude.ai/api/mcp/auth_callback',
      'https://vscode.dev/redirect',
    ]) {
      const { network } = networkOf(documentOf(id, redirect, local));
      const gatehouse = front({ network });
      expect((await gatehouse.authorize(requestFor(id, redirect))).status).toBe(401);
      // Nor once its document is in the cache.
      expect((await gatehouse.authorize(requestFor(id, local))).status).toBe(200);
      expect((await gatehouse.authorize(requestFor(id, redirect))).status).toBe(401);
    }
  });

  it('is refused where the team wants listed hosts alone, and those are still served', async () => {
    const { network, gets } = networkOf(documentResponse(claudeCode));
    const listedAlone = clientProfiles.map((profile) => ({ ...profile, anyDocumentHost: false }));
    const gatehouse = front({ network, profiles: listedAlone });
    const page = await gatehouse.authorize(requestFor('https://zed.dev/client.json', local));
    expect([page.status, page.accesses, gets]).toEqual([401, [], []]);
    expect((await gatehouse.authorize(requestFor(url, local))).status).toBe(200);
  });

  it('is fetched so often a minute for strangers together, and no more; listed hosts and copies are still served', async () => {
    let current: string | undefined;
    let fetched = 0;
    const network: Network = {
      resolve: async () => [publicAddress],
      get: async (target) => {
        fetched += 1;
        return documentOf(current ?? target.href, local);
      },
    };
    const gatehouse = front({ network });
    const open = (index: number) =>
      gatehouse.authorize(requestFor(`https://host-${index}.example/client.json`, local));
    for (let index = 0; index < documentFetches.most; index++)
      expect((await open(index)).status).toBe(200);
    const refused = await open(documentFetches.most);
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '60']);
    expect(refused.accesses).toEqual(['get document#', 'update fetches#']);
    expect(fetched).toBe(documentFetches.most);
    expect((await open(0)).status).toBe(200);
    current = url;
    expect((await gatehouse.authorize(requestFor(url, local))).status).toBe(200);
    current = undefined;
    gatehouse.later(60);
    expect((await open(documentFetches.most)).status).toBe(200);
  });
});

describe('a document that cannot be used', () => {
  it.each([
    ['404', documentResponse(undefined, { status: 404 })],
    ['500', documentResponse(undefined, { status: 500 })],
    ['silence', new Error('connection refused')],
    ['another client’s', documentResponse({ ...claudeCode, client_id: `${url}/` })],
  ])(
    'causes one fetch for twenty strangers (%s), and another a minute later',
    async (_, response) => {
      const { network, gets } = networkOf(response);
      const gatehouse = front({ network });
      for (let stranger = 0; stranger < 20; stranger++) {
        const page = await gatehouse.authorize(requestFor(url, local));
        expect([page.status, page.events]).toEqual([401, ['AuthenticationFailure']]);
      }
      expect(gets).toHaveLength(1);
      gatehouse.later(60);
      await gatehouse.authorize(requestFor(url, local));
      expect(gets).toHaveLength(2);
    },
  );

  it('stays gone in an outage after 404 or 410, the built-in copy too', async () => {
    const id = 'https://claude.ai/oauth/claude-code-client-metadata';
    for (const status of [404, 410]) {
      let current = documentResponse(undefined, { status });
      const network: Network = { resolve: async () => [publicAddress], get: async () => current };
      const gatehouse = front({ network });
      expect((await gatehouse.authorize(requestFor(id, local))).status).toBe(401);
      for (const next of [503, 403, 500]) {
        current = documentResponse(undefined, { status: next });
        gatehouse.later(3600);
        expect((await gatehouse.authorize(requestFor(id, local))).status).toBe(401);
      }
      current = documentResponse({ ...claudeCode, client_id: id });
      gatehouse.later(3600);
      expect((await gatehouse.authorize(requestFor(id, local))).status).toBe(200);
    }
  });

  it.each([403, 302, 200])(
    'does not stand in where its host answers %s: that is no outage',
    async (status) => {
      let current = documentResponse(claudeCode);
      const network: Network = { resolve: async () => [publicAddress], get: async () => current };
      const gatehouse = front({ network });
      await gatehouse.authorize(requestFor(url, local));
      gatehouse.later(3600);
      current = documentResponse(undefined, { status, headers: { 'content-type': 'text/html' } });
      expect((await gatehouse.authorize(requestFor(url, local))).status).toBe(401);
    },
  );

  it('takes members that are null as left out', async () => {
    const nulls = { grant_types: null, response_types: null, token_endpoint_auth_method: null };
    const { network } = networkOf(documentResponse({ ...claudeCode, ...nulls }));
    expect((await front({ network }).authorize(requestFor(url, local))).status).toBe(200);
  });
});

describe('a client id is a document’s URL', () => {
  it.each([url, 'https://claude.ai/x?y=1'])('when it is %s', (id) =>
    expect(isDocumentUrl(id)).toBe(true),
  );
  it.each([
    'http://claude.ai/x',
    'https://claude.ai',
    'https://claude.ai/',
    'https://claude.ai:8443/x',
    'https://claude.ai:443/x',
    'https://claude.ai/x#y',
    'https://user@claude.ai/x',
    'https://claude.ai/a/../x',
    'https://claude.ai/%2e%2e/x',
    'https://CLAUDE.ai/x',
    'https://claude.ai./x',
    'ftp://claude.ai/x',
    'client',
  ])('but not when it is %s', (id) => expect(isDocumentUrl(id)).toBe(false));
});
