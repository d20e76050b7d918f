import { InvalidClient, TemporarilyUnavailable } from '../../../lambdas/errors/errors.ts';
import type { OutboundResponse } from '../../../lambdas/http/outbound-request.ts';
import type { FetchLimits, Network } from '../../../lambdas/http/public-fetch.ts';
import { documentedClients } from '../../../lambdas/oauth/documented-client.ts';
import { clientProfiles, knownDocuments } from '../../../policy/clients.ts';
import { lifetimes } from '../../../policy/lifetimes.ts';
import { documentFetches, sizes, timeouts } from '../../../policy/limits.ts';
import { memoryTable } from './memory-table.ts';

const id = 'https://claude.ai/oauth/some-client-metadata';
const local = 'http://localhost:51234/callback';
const start = new Date('2026-11-24T12:00:00Z');
const maxAge = 3600;

const document = {
  client_id: id,
  client_name: 'Claude Code',
  redirect_uris: ['http://localhost/callback'],
};
const served = (json: unknown, status = 200): OutboundResponse => ({
  status,
  headers: { 'content-type': 'application/json', 'cache-control': `max-age=${maxAge}` },
  text: '',
  json,
});

/** A registry of documents, the clock of which stands at `seconds` after the start. */
const documents = (first: OutboundResponse = served(document)) => {
  const state = { response: first, seconds: 0, limits: [] as FetchLimits[] };
  const network: Network = {
    resolve: async () => [{ address: '160.79.104.10', family: 4 }],
    get: async (_url, _address, limits) => {
      state.limits.push(limits);
      return state.response;
    },
  };
  const table = memoryTable();
  const find = documentedClients(table, clientProfiles, network);
  return Object.assign(state, {
    table,
    find: (clientId = id, allowStale = false, redirectUri = local) =>
      find(clientId, redirectUri, new Date(start.getTime() + state.seconds * 1000), {
        ...(allowStale && { allowStale }),
      }),
    item: () => [...table.items.values()].find(({ pk }) => String(pk).startsWith('document#')),
  });
};
const epoch = start.getTime() / 1000;

describe('a document', () => {
  it('is fetched within policy’s time and size, and read without the redirect URIs that nobody may have', async () => {
    const redirect_uris = ['http://localhost/callback', 'https://user@claude.ai/', 'myapp://cb'];
    const it_ = documents(served({ ...document, redirect_uris }));
    expect(await it_.find()).toMatchObject({
      id,
      name: 'Claude Code',
      redirectUris: ['http://localhost/callback'],
      documentHost: 'claude.ai',
    });
    expect(it_.limits).toEqual([
      { timeoutMs: expect.any(Number), maximumBytes: sizes.metadataDocumentBytes },
    ]);
    const most = timeouts.metadataDocumentSeconds * 1000;
    expect(it_.limits[0]?.timeoutMs).toBeGreaterThan(most - 1000);
    expect(it_.limits[0]?.timeoutMs).toBeLessThanOrEqual(most);
  });

  it.each([
    ['the content is not a client metadata document', served({ client_id: id })],
    [
      'the client cannot be a public one',
      served({ ...document, token_endpoint_auth_method: 'private_key_jwt' }),
    ],
    ['client_id is not the URL of the document', served({ ...document, client_id: `${id}/x` })],
    ['status 500', served(document, 500)],
  ])('is refused with the reason in the log: %s', async (detail, response) => {
    const it_ = documents(response);
    const message = 'The client metadata document cannot be used.';
    await expect(it_.find()).rejects.toMatchObject({ code: 'invalid_client', message, detail });
    await expect(it_.find()).rejects.toMatchObject({
      message,
      detail: 'the document could not be used a moment ago',
    });
    expect(it_.item()).toMatchObject({
      failure: 'unusable',
      freshUntil: epoch + lifetimes.metadataDocumentFailureSeconds,
      expiresAt: epoch + lifetimes.metadataDocumentFailureSeconds,
    });
  });

  it('of a host that no profile lists is refused for a redirect URI that is not loopback', async () => {
    await expect(
      documents().find('https://zed.dev/client.json', false, 'https://claude.ai/cb'),
    ).rejects.toMatchObject({
      detail: 'no profile takes metadata documents of this host with this redirect URI',
    });
  });

  it('is not to blame for a mistake of ours', async () => {
    const it_ = documents();
    const network: Network = {
      resolve: async () => undefined as never,
      get: async () => served(document),
    };
    const find = documentedClients(it_.table, clientProfiles, network);
    await expect(find(id, local, start, {})).rejects.toBeInstanceOf(TypeError);
    expect(it_.item()).toBeUndefined();
  });
});

describe('a copy', () => {
  it('that is stale may serve an open consent page for as long as that lives, and is not fetched for it', async () => {
    const it_ = documents();
    await it_.find();
    it_.seconds = maxAge + lifetimes.transactionSeconds - 1;
    expect((await it_.find(id, true)).name).toBe('Claude Code');
    it_.seconds += 1;
    const late = await it_.find(id, true).catch((error: unknown) => error);
    expect(late).toBeInstanceOf(InvalidClient);
    expect(late).toMatchObject({ message: 'This page has expired.' });
    expect(it_.limits).toHaveLength(1);
  });

  it.each([500, 503])(
    'stands in for a document that answers %i, until it expires',
    async (status) => {
      const it_ = documents();
      await it_.find();
      it_.response = served(undefined, status);
      it_.seconds = maxAge;
      expect((await it_.find()).name).toBe('Claude Code');
      // Asked again a minute later, not at each request.
      expect(it_.item()).toMatchObject({
        name: 'Claude Code',
        freshUntil: epoch + maxAge + lifetimes.metadataDocumentFailureSeconds,
        expiresAt: epoch + maxAge + lifetimes.metadataDocumentGraceSeconds,
      });
      it_.seconds = maxAge + lifetimes.metadataDocumentGraceSeconds;
      await expect(it_.find()).rejects.toBeInstanceOf(InvalidClient);
    },
  );

  it('of what policy knows stands in for a minute, and for a consent page more', async () => {
    const [known = ''] = Object.keys(knownDocuments);
    const it_ = documents(served(undefined, 403));
    const redirect = knownDocuments[known as keyof typeof knownDocuments].redirectUris[0] ?? '';
    await it_.find(known, false, redirect.replace('http://localhost/', 'http://localhost:1/'));
    const freshUntil = epoch + lifetimes.metadataDocumentFailureSeconds;
    expect(it_.item()).toMatchObject({
      freshUntil,
      expiresAt: freshUntil + lifetimes.transactionSeconds,
    });
  });

  it('does not stand in for a document that became malformed, though policy knows one', async () => {
    const [known = ''] = Object.keys(knownDocuments);
    const it_ = documents(served({ ...document, client_id: 'https://claude.ai/another' }));
    await expect(it_.find(known)).rejects.toMatchObject({
      detail: 'client_id is not the URL of the document',
    });
  });

  it('does not come back while it is remembered that the document is gone, and may after that', async () => {
    const [known = ''] = Object.keys(knownDocuments);
    const it_ = documents(served(undefined, 404));
    await expect(it_.find(known)).rejects.toBeInstanceOf(InvalidClient);
    const { metadataDocumentFailureSeconds: minute, metadataDocumentGraceSeconds: week } =
      lifetimes;
    expect(it_.item()).toMatchObject({ failure: 'gone', expiresAt: epoch + minute + week });
    it_.response = served(undefined, 503);
    it_.seconds = minute + week;
    expect((await it_.find(known)).id).toBe(known);
  });

  it('of a stranger’s document that is gone does not stand in for one beyond the number of fetches', async () => {
    const stranger = 'https://zed.dev/client.json';
    const it_ = documents(served(undefined, 410));
    await expect(it_.find(stranger)).rejects.toBeInstanceOf(InvalidClient);
    it_.seconds = lifetimes.metadataDocumentFailureSeconds;
    const pk = `fetches#${Math.floor((epoch + it_.seconds) / documentFetches.perSeconds)}`;
    it_.table.items.set(pk, { pk, fetches: documentFetches.most, expiresAt: epoch * 2 });
    await expect(it_.find(stranger)).rejects.toBeInstanceOf(TemporarilyUnavailable);
  });

  it('serves strangers beyond the number of fetches of a minute; without one they hear when to come again', async () => {
    const stranger = 'https://zed.dev/client.json';
    const it_ = documents(served({ ...document, client_id: stranger }));
    await it_.find(stranger);
    it_.seconds = maxAge;
    for (const pk of [...it_.table.items.keys()])
      if (pk.startsWith('fetches#')) it_.table.items.delete(pk);
    const minute = Math.floor((epoch + maxAge) / documentFetches.perSeconds);
    const pk = `fetches#${minute}`;
    it_.table.items.set(pk, { pk, fetches: documentFetches.most, expiresAt: epoch * 2 });
    expect((await it_.find(stranger)).name).toBe('Claude Code');
    expect(it_.limits).toHaveLength(1);
    const refused = await it_.find('https://zed.dev/other.json').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(TemporarilyUnavailable);
    expect(refused).toMatchObject({
      retryAfterSeconds: documentFetches.perSeconds,
      detail: 'too many metadata documents of unlisted hosts were fetched in this minute',
    });
  });
});
