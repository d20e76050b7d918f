import {
  parseAuthorizationRequest,
  resolveClient,
} from '../../../lambdas/authorization/authorization-request.ts';
import type { ClientRegistry } from '../../../lambdas/oauth/client-registry.ts';
import { sizes } from '../../../policy/limits.ts';
import { anAuthorizationRequest } from './an-authorization-request.ts';

const now = new Date('2026-11-26T12:00:00Z');
const settings = {
  ISSUER_URL: 'https://mcp.example.com',
  RESOURCE_URL: 'https://mcp.example.com/mcp',
};
const { client } = anAuthorizationRequest();

const parse = (more: Readonly<Record<string, string>>) =>
  parseAuthorizationRequest(
    anAuthorizationRequest(),
    {
      response_type: 'code',
      code_challenge: 'c'.repeat(43),
      code_challenge_method: 'S256',
      ...more,
    },
    [],
    settings,
  );

describe('what a person is lookups again', () => {
  it.each([
    [{}, []],
    [{ prompt: 'none' }, []],
    [{ prompt: 'consent' }, ['consent']],
    [{ prompt: ' login  consent ' }, ['login', 'consent']],
    [{ prompt: 'login none' }, ['login']],
  ])('%j', (parameters, prompts) => {
    expect(parse(parameters).prompts).toEqual(prompts);
  });
});

it('the one way of responding that there is may be named', () => {
  expect(parse({ response_mode: 'query' }).codeChallenge).toBe('c'.repeat(43));
  expect(() => parse({ response_mode: 'fragment' })).toThrow('response_mode');
});

describe('a client is looked up', () => {
  const registry = (lookups: unknown[] = []): ClientRegistry => ({
    register: async () => '',
    knows: async () => true,
    keep: async () => {},
    find: async (...parameters) => {
      lookups.push(parameters);
      return client;
    },
  });
  const resolve = (redirect_uri: string, lookups: unknown[] = [], allowStale = false) =>
    resolveClient({ client_id: 'claude', redirect_uri }, registry(lookups), now, allowStale);

  it.each([true, false])('with a document that may be stale, or not: %s', async (allowStale) => {
    const lookups: unknown[] = [];
    const redirectUri = 'https://claude.ai/api/mcp/auth_callback';
    const found = resolve(redirectUri, lookups, allowStale);
    await expect(found).rejects.toMatchObject({ code: 'invalid_request' });
    expect(lookups).toEqual([['claude', redirectUri, now, { allowStale }]]);
  });

  const host = 'https://elsewhere.example/';
  it.each([
    ['whole', `${host}cb`, `The address is ${host}cb . Do not continue`],
    [
      'to its last character',
      host.padEnd(sizes.shownUriCharacters, 'a'),
      `The address is ${host.padEnd(sizes.shownUriCharacters, 'a')} . Do not continue`,
    ],
    [
      'by its beginning',
      host.padEnd(sizes.shownUriCharacters + 1, 'a'),
      `The address is ${host.padEnd(sizes.shownUriCharacters, 'a')}… . Do not continue`,
    ],
    ['not at all where it is none', 'call us', 'Do not continue'],
    ['not at all where words follow it', `${host} call us`, 'Do not continue'],
  ])('and a redirect URI that is not its own is shown %s', async (_name, uri, beginning) => {
    const refused = await resolve(uri).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      message: 'The app asks for a response at an address that is not registered here.',
      detail: 'redirect URI not registered',
    });
    expect(String(Object(refused).fix).slice(0, beginning.length)).toBe(beginning);
  });
});
