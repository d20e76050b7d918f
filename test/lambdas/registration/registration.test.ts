import { front } from '../oauth/front.ts';

const claude = 'https://claude.ai/api/mcp/auth_callback';
const gatehouse = () => front();
const bodyOf = (response: { body: string }) => JSON.parse(response.body);

describe('/register', () => {
  it('answers the whole metadata, with auth method none though nobody asked', async () => {
    const response = await gatehouse().register({ client_name: 'An app', redirect_uris: [claude] });
    expect(response.status).toBe(201);
    expect(bodyOf(response)).toEqual({
      client_id: expect.stringMatching(/^client_[0-9a-f]{64}$/),
      client_name: 'An app',
      redirect_uris: [claude],
      application_type: 'web',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      scope: 'gatehouse/tools.read gatehouse/tools.call',
    });
    expect(response.headers['cache-control']).toContain('no-store');
    expect([response.accesses, response.events]).toEqual([['put client#'], []]);
  });

  it('gives the same metadata the same client, byte for byte, whatever else it says', async () => {
    const server = gatehouse();
    const first = await server.register({
      client_name: 'An app',
      redirect_uris: [claude, 'https://claude.com/api/mcp/auth_callback'],
    });
    const second = await server.register({
      redirect_uris: ['https://claude.com/api/mcp/auth_callback', claude],
      client_name: 'An app',
      token_endpoint_auth_method: 'client_secret_basic',
      logo_uri: 'http://169.254.169.254/',
      jwks_uri: 'https://evil.example/',
      software_version: '2',
      scope: 'everything',
    });
    expect(second.body).toBe(first.body);
    expect(server.table.items.size).toBe(1);
    expect(
      bodyOf(await server.register({ client_name: 'Another', redirect_uris: [claude] })).client_id,
    ).not.toBe(bodyOf(first).client_id);
  });

  it('keeps an unused registration for a day from the last time', async () => {
    const server = gatehouse();
    await server.register({ redirect_uris: [claude] });
    server.later(1000);
    await server.register({ redirect_uris: [claude] });
    expect([...server.table.items.values()][0]?.['expiresAt']).toBe(
      Date.parse('2026-11-24T12:00:00Z') / 1000 + 1000 + 86_400,
    );
  });

  it.each([
    [
      'Claude',
      ['https://claude.ai/api/mcp/auth_callback', 'https://claude.com/api/mcp/auth_callback'],
      undefined,
      'web',
    ],
    ['Julius', ['https://julius.ai/oauth/callback'], undefined, 'web'],
    ['Claude Code', ['http://localhost:3118/callback'], undefined, 'native'],
    ['MCP Inspector', ['http://localhost:6274/oauth/callback'], 'native', 'native'],
    [
      'VS Code',
      [
        'https://insiders.vscode.dev/redirect',
        'https://vscode.dev/redirect',
        'http://127.0.0.1/',
        'http://127.0.0.1:33418/',
      ],
      'native',
      'native',
    ],
  ])('takes %s as it registers', async (_, redirect_uris, application_type, registered) => {
    const response = await gatehouse().register({
      redirect_uris,
      ...(application_type && { application_type }),
    });
    expect(response.status).toBe(201);
    expect(bodyOf(response)).toMatchObject({
      application_type: registered,
      redirect_uris: [...redirect_uris].sort(),
    });
  });

  const local = 'http://localhost:8787/callback';
  it.each([
    ['a private-use scheme', ['cursor://anysphere.cursor-mcp/oauth/callback', local], [local]],
    [
      'an https URI that no profile takes',
      [
        'cursor://anysphere.cursor-mcp/oauth/callback',
        'https://www.cursor.com/agents/mcp/oauth/callback',
        local,
      ],
      [local],
    ],
    ['another path of a listed host', [claude, 'https://claude.ai/other'], [claude]],
    ['script', ['javascript:alert(1)', local], [local]],
    ['a fragment', [`${local}#x`, local], [local]],
    [
      'fewer of another profile',
      [claude, local, 'http://127.0.0.1/x'],
      ['http://127.0.0.1/x', local],
    ],
    ['as many of a later profile', [local, claude], [claude]],
  ])('leaves %s out and says what it registered', async (_, redirect_uris, registered) => {
    const response = await gatehouse().register({ redirect_uris });
    expect([response.status, bodyOf(response).redirect_uris]).toEqual([201, registered]);
  });

  it('takes a member that is null as left out', async () => {
    const server = gatehouse();
    const plain = await server.register({ redirect_uris: [claude] });
    const nulls = await server.register({
      redirect_uris: [claude],
      client_name: null,
      application_type: null,
      grant_types: null,
      response_types: null,
      scope: null,
    });
    expect([nulls.status, nulls.body]).toEqual([201, plain.body]);
    expect((await server.register({ redirect_uris: null })).status).toBe(400);
  });

  it('looks at no more of any member than its bound, whatever it holds', async () => {
    const looked: number[] = [];
    const count = (value: unknown) => looked.push(String(value).length);
    const { normalize } = String.prototype;
    const { exec } = RegExp.prototype;
    const { parse } = URL;
    const spies = [
      jest.spyOn(String.prototype, 'normalize').mockImplementation(function (this: string, form) {
        count(this);
        return Reflect.apply(normalize, this, [form]);
      }),
      jest.spyOn(RegExp.prototype, 'exec').mockImplementation(function (this: RegExp, value) {
        count(value);
        return Reflect.apply(exec, this, [value]);
      }),
      jest.spyOn(URL, 'parse').mockImplementation((value, base) => {
        count(value);
        return parse(value, base);
      }),
    ];
    try {
      for (const unit of ['\u0301', '\u0334', '\u200b', ' ', 'a', '/', '%2e', '\u{1f600}']) {
        const long = `a${unit.repeat(20_000)}${'\u0301'.repeat(10_000)}`;
        const members = {
          client_name: long,
          redirect_uris: [`https://claude.ai/${long}`],
          application_type: long,
          grant_types: ['authorization_code', long],
          response_types: [long],
        };
        for (const [name, value] of Object.entries(members)) {
          const response = await gatehouse().register({ redirect_uris: [claude], [name]: value });
          expect({ name, status: response.status }).toEqual({ name, status: 400 });
        }
        const fits = { client_name: unit.repeat(1024).slice(0, 1024), redirect_uris: [claude] };
        const response = await gatehouse().register(fits);
        expect(response.status).toBe(201);
        expect([...bodyOf(response).client_name].length).toBeLessThanOrEqual(80);
      }
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
    expect(looked.length).toBeGreaterThan(100);
    // The longest of them: a redirect URI; log lines and headers are shorter.
    expect(Math.max(...looked)).toBeLessThanOrEqual(2048);
  });

  it('makes a name safe to show, and gives a nameless client its profile’s title', async () => {
    const named = await gatehouse().register({
      client_name: ' A\u202e\u200b\n  name\u0000 ',
      redirect_uris: [claude],
    });
    expect(bodyOf(named).client_name).toBe('A name');
    for (const client_name of ['\u200b', '', undefined])
      expect(
        bodyOf(await gatehouse().register({ client_name, redirect_uris: [claude] })).client_name,
      ).toBe('Claude');
  });

  it('logs whose hosts no profile takes: a client that an operator wants needs one', async () => {
    const { log } = await gatehouse().register({
      redirect_uris: ['https://evil.example/a', 'https://evil.example/b', 'data:text/html,x'],
    });
    expect(log).toContain('"host":"(none) evil.example"');
  });

  it.each([
    ['an unknown host', ['https://evil.example/cb']],
    ['a fragment', [`${claude}#x`]],
    ['user information', ['https://claude.ai@evil.example/cb']],
    ['a wildcard', ['https://julius.ai/*']],
    ['punycode', ['https://xn--julus-fta.ai/cb']],
    ['script', ['javascript:alert(1)']],
    ['data', ['data:text/html,x']],
    ['only private-use schemes', ['cursor://x/y']],
    ['another port', ['https://julius.ai:8443/cb']],
    ['none at all', []],
    ['too many', Array.from({ length: 11 }, (_, index) => `http://localhost/${index}`)],
    ['something else', 'https://julius.ai/cb'],
    ['numbers', [1]],
    ['one too long to look at', [claude, `http://localhost/${'a'.repeat(2048)}`]],
  ])('refuses redirect URIs with %s', async (_, redirect_uris) => {
    const response = await gatehouse().register({ redirect_uris });
    expect([response.status, bodyOf(response).error, response.events, response.accesses]).toEqual([
      400,
      'invalid_redirect_uri',
      ['RegistrationRefused'],
      [],
    ]);
  });

  it('takes a loopback redirect URI of a web application', async () => {
    const response = await gatehouse().register({
      redirect_uris: ['http://localhost/cb'],
      application_type: 'web',
    });
    expect([response.status, bodyOf(response)]).toMatchObject([
      201,
      { application_type: 'web', redirect_uris: ['http://localhost/cb'] },
    ]);
  });

  it.each([
    ['a foreign grant', { grant_types: ['client_credentials'] }],
    ['the implicit flow', { response_types: ['token'] }],
    ['an unknown application type', { application_type: 'desktop' }],
    ['a name that is none', { client_name: { x: 1 } }],
  ])('refuses %s', async (_, more) => {
    const response = await gatehouse().register({ redirect_uris: [claude], ...more });
    expect([response.status, bodyOf(response).error, response.events]).toEqual([
      400,
      'invalid_client_metadata',
      ['RegistrationRefused'],
    ]);
  });

  it.each([[[]], ['text'], [1], [null]])('refuses the body %j', async (json) => {
    const response = await gatehouse().register(json);
    expect([response.status, response.events]).toEqual([400, ['RegistrationRefused']]);
  });

  it('is not fooled by __proto__', async () => {
    const body = JSON.parse(
      `{"redirect_uris":["${claude}"],"__proto__":{"client_name":"x"},"constructor":{"prototype":{}}}`,
    );
    expect(bodyOf(await gatehouse().register(body)).client_name).toBe('Claude');
  });
});
