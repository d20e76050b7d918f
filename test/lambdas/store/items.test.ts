import { ConditionFailed, type Table, TableUnreachable } from '../../../lambdas/aws/table.ts';
import { findApproval, forgetApproval, keepApproval } from '../../../lambdas/store/approvals.ts';
import { findClient, keepClient, registerClient } from '../../../lambdas/store/clients.ts';
import { allowRetry, claimCode, keepCode } from '../../../lambdas/store/codes.ts';
import { countDocumentFetch } from '../../../lambdas/store/document-fetches.ts';
import { findDocument, keepDocument } from '../../../lambdas/store/documents.ts';
import { listGrants } from '../../../lambdas/store/grants.ts';
import { beginTransaction, endTransaction } from '../../../lambdas/store/transactions.ts';
import { readUsage } from '../../../lambdas/store/users.ts';
import { lifetimes } from '../../../policy/lifetimes.ts';
import { documentFetches } from '../../../policy/limits.ts';
import { memoryTable } from '../oauth/memory-table.ts';

const now = new Date('2026-11-26T12:00:00Z');
const seconds = now.getTime() / 1000;
const later = (after: number): Date => new Date(now.getTime() + after * 1000);
const hash = 'a'.repeat(64);

let table: ReturnType<typeof memoryTable>;
beforeEach(() => {
  table = memoryTable();
});

/** Every access of the room fails the same way while the table is down, and nobody hides it. */
const expectOutage = async (run: (down: Table) => Promise<unknown>) => {
  table.down = true;
  await expect(run(table)).rejects.toBeInstanceOf(TableUnreachable);
  table.down = false;
};

test('what must not be stale is read consistently; a document may be', async () => {
  const reads: [string, boolean][] = [];
  const get: Table['get'] = async (pk, { consistent }) => {
    reads.push([pk.replace(/#.*/, ''), consistent]);
    return undefined;
  };
  const read = { ...table, get };
  await findApproval(read, hash, now);
  await findClient(read, 'client_1', now);
  await findDocument(read, hash);
  await listGrants(read, 'sub', now);
  await readUsage(read, 'sub', now);
  expect(reads).toEqual([
    ['approval', true],
    ['client', true],
    ['document', false],
    ['user', true],
    ['user', true],
  ]);
});

describe('an approval', () => {
  const approval = { clientId: 'c', redirectUri: 'r', scopes: ['s'], shown: 'x' };
  const { rememberedConsentSeconds: lasting } = lifetimes;

  it('is kept for its time, and then is none', async () => {
    await keepApproval(table, hash, approval, now);
    expect([...table.items.values()]).toEqual([
      { pk: `approval#${hash}`, ...approval, expiresAt: seconds + lasting },
    ]);
    expect(await findApproval(table, hash, later(lasting - 1))).toMatchObject(approval);
    expect(await findApproval(table, hash, later(lasting))).toBeUndefined();
    await forgetApproval(table, hash);
    expect(table.items.size).toBe(0);
  });

  it('that is no approval is none', async () => {
    table.items.set(`approval#${hash}`, { pk: `approval#${hash}`, expiresAt: seconds + 9 });
    expect(await findApproval(table, hash, now)).toBeUndefined();
  });
});

describe('a registration', () => {
  const metadata = {
    name: 'An app',
    redirectUris: ['https://claude.ai/cb'],
    applicationType: 'web',
    profile: 'claude',
  } as const;
  const register = (at = now) =>
    registerClient(
      table,
      'client_1',
      { ...metadata, redirectUris: [...metadata.redirectUris] },
      at,
    );
  const item = () => table.items.get('client#client_1');
  const { unusedRegistrationSeconds: lasting } = lifetimes;
  const { applicationType: _, ...registered } = metadata;

  it('expires, unless it comes again', async () => {
    await register();
    expect(item()).toEqual({ pk: 'client#client_1', ...metadata, expiresAt: seconds + lasting });
    expect(await findClient(table, 'client_1', later(lasting - 1))).toEqual({
      ...registered,
      expiresAt: seconds + lasting,
    });
    expect(await findClient(table, 'client_1', later(lasting))).toBeUndefined();
    await register(later(5));
    expect(item()?.['expiresAt']).toBe(seconds + lasting + 5);
  });

  it('that a login kept stays for ever, also where it comes again', async () => {
    await register();
    await keepClient(table, 'client_1');
    await register(later(5));
    expect(item()).toEqual({ pk: 'client#client_1', ...metadata });
    expect(await findClient(table, 'client_1', later(lasting * 100))).toEqual(registered);
  });

  it('that is not there is not made by keeping it', async () => {
    await keepClient(table, 'client_1');
    expect(table.items.size).toBe(0);
    expect(await findClient(table, 'client_1', now)).toBeUndefined();
  });

  it('is not lost in silence', async () => {
    await expectOutage(register.bind(undefined, now));
    await expectOutage((down) => keepClient(down, 'client_1'));
  });
});

const bound = {
  clientId: 'c',
  redirectUri: 'https://claude.ai/cb',
  codeChallenge: 'x',
  resource: 'r',
  scopes: ['s'],
  profile: 'claude',
  approvedAt: seconds - 9,
  unused: true,
};

describe('a code', () => {
  const code = { ...bound, cognitoCode: 'cognito-code' };
  const { authorizationCodeSeconds: good, spentCodeSeconds: kept } = lifetimes;
  const pk = `code#${hash}`;
  const binding = {
    clientId: 'c',
    redirectUri: 'https://claude.ai/cb',
    resource: 'r',
    codeChallenge: 'x',
  };
  const claim = (more: Partial<typeof binding | { redirectUri: undefined }> = {}, at = now) =>
    claimCode(table, hash, { ...binding, ...more }, at);
  const unknown = { outcome: 'unusable', fault: 'the code is unknown or has expired' };

  beforeEach(() => keepCode(table, hash, code, now));

  it('is kept for its time, and longer to see a replay', () => {
    expect(table.items.get(pk)).toEqual({
      pk,
      ...code,
      validUntil: seconds + good,
      expiresAt: seconds + kept,
    });
  });

  it('is claimed once, with or without its redirect URI', async () => {
    expect(await claim({ redirectUri: undefined })).toEqual({ outcome: 'claimed', code });
    expect(table.items.get(pk)).toMatchObject({ claimed: true });
    expect(await claim()).toEqual({ outcome: 'replayed' });
  });

  it('is claimed to its last second and not after it', async () => {
    expect(await claim({}, later(good))).toEqual(unknown);
    expect(await claim({}, later(good - 1))).toMatchObject({ outcome: 'claimed' });
  });

  it.each(['clientId', 'redirectUri', 'resource', 'codeChallenge'])(
    'is claimed by nobody with another %s, who is told nothing of a replay before',
    async (name) => {
      const fault = `the code was issued for another ${name}`;
      expect(await claim({ [name]: 'another' })).toEqual({ outcome: 'unusable', fault });
      expect(table.items.get(pk)).not.toHaveProperty('claimed');
    },
  );

  it('that nobody issued is none', async () => {
    table.items.clear();
    expect(await claim()).toEqual(unknown);
  });

  it('may come again after an outage, with all that it is bound to', async () => {
    await claim();
    await allowRetry(table, hash, { unspent: false });
    expect(table.items.get(pk)).toMatchObject({ claimed: true, unanswered: true });
    expect(await claim()).toEqual(unknown);
    expect(await claim({ codeChallenge: 'another' })).toEqual({ outcome: 'replayed' });
  });

  it('that Cognito never saw may be redeemed again', async () => {
    await claim();
    await allowRetry(table, hash, { unspent: true });
    expect(table.items.get(pk)).not.toHaveProperty('claimed');
    expect(await claim()).toMatchObject({ outcome: 'claimed' });
    expect(table.items.get(pk)).not.toHaveProperty('unanswered');
  });

  it('is not made by a retry, and an outage is none of its faults', async () => {
    table.items.clear();
    await expect(allowRetry(table, hash, { unspent: true })).rejects.toBeInstanceOf(
      ConditionFailed,
    );
    await expectOutage(() => claim());
  });
});

describe('a login under way', () => {
  const { approvedAt: _, ...login } = { ...bound, browser: 'b', state: 's' };
  const { transactionSeconds: lasting } = lifetimes;
  const pk = `transaction#${hash}`;
  const begin = (more: object = {}) => beginTransaction(table, hash, { ...login, ...more }, now);
  const end = (browser = 'b', after = 1) => endTransaction(table, hash, browser, later(after));

  it('goes on once, in its browser', async () => {
    await begin();
    const item = { ...login, approvedAt: seconds };
    expect(table.items.get(pk)).toEqual({ pk, ...item, expiresAt: seconds + lasting });
    expect(await end('another')).toEqual({ fault: 'another browser, or expired' });
    expect(await end()).toEqual(item);
    expect(await end()).toEqual({ fault: 'unknown or used before' });
  });

  it('goes on to its last second and not after it, with no state that nobody sent', async () => {
    await begin({ state: undefined });
    expect(table.items.get(pk)).not.toHaveProperty('state');
    expect(await end('b', lasting)).toEqual({ fault: 'another browser, or expired' });
    expect(await end('b', lasting - 1)).not.toHaveProperty('fault');
  });

  it('is not over because of an outage', async () => {
    await begin();
    await expectOutage(() => end());
  });
});

describe('a document', () => {
  const document = { name: 'n', redirectUris: ['r'], freshUntil: 1, expiresAt: 2 };
  const pk = `document#${hash}`;

  it.each([{}, { failure: 'gone' }, { failure: 'unusable' }] as const)(
    'is kept as it is: %j',
    async (failure) => {
      await keepDocument(table, hash, { ...document, ...failure });
      expect(table.items.get(pk)).toEqual({ pk, ...document, ...failure });
      expect(await findDocument(table, hash)).toEqual({ ...document, ...failure });
    },
  );

  it('that is none, or of a failure that nobody knows, is not found', async () => {
    expect(await findDocument(table, hash)).toBeUndefined();
    table.items.set(pk, { pk, ...document, failure: 'another' });
    expect(await findDocument(table, hash)).toBeUndefined();
  });
});

describe('fetches of documents', () => {
  const { most, perSeconds } = documentFetches;
  const window = Math.floor(seconds / perSeconds);
  const pk = `fetches#${window}`;

  it('are counted by the window, which has room for so many', async () => {
    expect(await countDocumentFetch(table, now)).toBe(true);
    expect(table.items.get(pk)).toEqual({ pk, fetches: 1, expiresAt: (window + 2) * perSeconds });
    table.items.set(pk, { pk, fetches: most - 1 });
    expect(await countDocumentFetch(table, now)).toBe(true);
    expect(await countDocumentFetch(table, now)).toBe(false);
    expect(await countDocumentFetch(table, later(perSeconds))).toBe(true);
  });

  it('are not refused for an outage', async () => {
    await expectOutage((down) => countDocumentFetch(down, now));
  });
});
