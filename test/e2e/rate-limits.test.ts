import { randomUUID } from 'node:crypto';
import { shareOf } from '../../lambdas/authorizer/usage-plan-share.ts';
import { type Gatehouse, startGatehouse } from '../../local/runtime.ts';
import { synthesize } from '../../local/synthesis/synthesize.ts';
import { clientProfiles } from '../../policy/clients.ts';
import { endpointRows, endpoints, metadataPaths, pathsWhere } from '../../policy/endpoints.ts';
import {
  type AddressLimit,
  addressLimits,
  usagePlanShares,
  userLimits,
} from '../../policy/limits.ts';
import { changedAssembly, type Loose } from './runtime/changed-assembly.ts';
import { listedOrigins } from './runtime/crawl.ts';
import { appClientOf, mcpCaller } from './runtime/mcp-calls.ts';
import { faultsOf, fromFirewall, fromGateway } from './runtime/response-rules.ts';
import { policyEndpoints } from './runtime/routes.ts';
import { freshAddress, header, type Received, type Sending, sender } from './runtime/send.ts';

/** Spoofed in every way that servers have believed somewhere (RATE-10). */
const spoofing = (address: string) => ({
  'x-forwarded-for': address,
  'x-real-ip': address,
  forwarded: `for=${address}`,
  'true-client-ip': address,
  'cf-connecting-ip': address,
  'x-client-ip': address,
  'x-gatehouse-viewer-address': `${address}:1234`,
});

const profile = 'julius';

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await startGatehouse({ urlMode: 'domain' });
  gatehouse.clock.stop();
});
afterAll(async () => {
  await gatehouse?.stop();
});

/** To where the next whole minute or hour begins. */
const toNext = (window: 'minute' | 'hour'): void => {
  const length = window === 'minute' ? 60_000 : 3_600_000;
  gatehouse.clock.advance(length - (gatehouse.clock.now() % length));
};

const tokenOf = (sub: string, more: object = {}) =>
  gatehouse.cognito.mint({ resource: gatehouse.mcpUrl, claims: { sub }, ...more });

/** What every 429 owes, whichever layer sends it (RATE-9). */
const expectRefused = (answer: Received, path: string): void => {
  expect(answer.status).toBe(429);
  expect(Number(header(answer, 'retry-after'))).toBeGreaterThan(0);
  const endpoint = policyEndpoints.find((each) => each.path === path);
  if (endpoint?.errors === 'page') expect(answer.body).toContain('<h1>Too many requests.</h1>');
  else
    expect(JSON.parse(answer.body)).toMatchObject(
      endpoint?.errors === 'oauth' ? { error: 'temporarily_unavailable' } : {},
    );
  expect(
    faultsOf(
      answer,
      { method: 'POST', endpoint },
      { allowedOrigins: listedOrigins, internals: [] },
    ),
  ).toEqual([]);
};

interface Target {
  readonly name: string;
  readonly limit: AddressLimit;
  readonly path: (index: number) => string;
  /** Somewhere that the limit does not reach, for the same address. */
  readonly elsewhere?: string;
}

const [everything] = addressLimits;
const posts = endpointRows.filter(({ methods }) => methods[0] === 'POST').map(({ path }) => path);

const targets = addressLimits.flatMap((limit: AddressLimit): Target[] => {
  const on = (path: string, elsewhere?: string): Target => ({
    name: `${limit.id}, ${limit.name}, on ${path}`,
    limit,
    path: () => path,
    ...(elsewhere !== undefined && { elsewhere }),
  });
  if (limit.counts !== 'its-endpoints')
    return [on('/nothing', limit.counts === 'everything' ? undefined : endpoints.mcp.path)];
  if (limit.name === 'metadata')
    return [
      {
        ...on('/.well-known', '/health'),
        path: (index) => metadataPaths[index % metadataPaths.length] ?? '',
      },
    ];
  const paths = pathsWhere(({ addressLimit }) => addressLimit === limit.name);
  // A limit as high as that for everything leaves nowhere else to go.
  const isLower = limit.requests < everything.requests;
  return paths.map((path) =>
    on(path, isLower ? (paths.find((other) => other !== path) ?? '/nothing') : undefined),
  );
});

describe('an address', () => {
  const to = (path: string, from: string, headers: Sending['headers'] = {}) =>
    sender(gatehouse.port)({ path, from, headers, method: posts.includes(path) ? 'POST' : 'GET' });

  it.each(targets)('has its limit: $name', async ({ limit, path, elsewhere }) => {
    const { requests, perSeconds } = limit;
    const [address, other] = [freshAddress(), freshAddress()];
    // Spread over the window, so that no throttle of the stage (for all callers together) takes
    // part.
    const pause = (perSeconds * 1000 * 0.8) / requests;
    for (let index = 0; index < requests; index += 1) {
      const { status } = await to(path(index), address);
      expect({ index, limited: status === 429 }).toEqual({ index, limited: false });
      gatehouse.clock.advance(pause);
    }
    const refused = await to(path(0), address);
    expectRefused(refused, path(0));
    expect(fromFirewall(refused)).toBe(true);
    // One rule refuses for all windows over a minute, and names the longest of them.
    expect(Number(header(refused, 'retry-after'))).toBeGreaterThanOrEqual(perSeconds);

    for (let index = 0; index < 3; index += 1)
      expect((await to(path(0), address, spoofing(`203.0.113.${index}`))).status).toBe(429);
    expect((await to(path(0), other, spoofing(address))).status).not.toBe(429);
    if (elsewhere !== undefined) expect((await to(elsewhere, address)).status).not.toBe(429);

    gatehouse.clock.advance(perSeconds * 1000);
    expect((await to(path(0), address)).status).not.toBe(429);
  });
});

describe('a known egress range', () => {
  const [claude] = clientProfiles;
  const ceiling = 150;

  it('has a ceiling of its own, above that of other addresses', async () => {
    const seen: number[] = [];
    const changed = changedAssembly(await synthesize({ urlMode: 'domain' }), (template) => {
      const resources: readonly Loose[] = Object.values(template.Resources);
      for (const { Type, Properties } of resources) {
        // The published ranges are elsewhere on the internet; this computer has only its loopback
        // addresses to call from.
        if (Type === 'AWS::WAFv2::IPSet') {
          expect(Properties.Addresses).toEqual(claude.egress.ranges);
          Properties.Addresses = ['127.8.0.0/16'];
        }
        if (Type !== 'AWS::WAFv2::WebACL') continue;
        for (const rule of Properties.Rules.filter(
          ({ Name }: Loose) => Name === `shared-networks-${claude.egress.requestsPerMinute}`,
        )) {
          seen.push(rule.Statement.RateBasedStatement.Limit);
          rule.Statement.RateBasedStatement.Limit = ceiling;
        }
      }
    });
    expect(seen).toEqual([claude.egress.requestsPerMinute]);
    const there = await startGatehouse({ assembly: changed.folder });
    there.clock.stop();
    try {
      const send = sender(there.port);
      const statuses: number[] = [];
      for (let index = 0; index <= ceiling; index += 1)
        statuses.push((await send({ path: '/nothing', from: '127.8.0.1' })).status);
      expect(statuses.indexOf(429)).toBe(ceiling);
      expect((await send({ path: '/nothing', from: '127.8.0.2' })).status).not.toBe(429);
    } finally {
      await there.stop();
      changed.remove();
    }
  });
});

describe('address lists', () => {
  it('refuse who is blocked and who is not allowed, whatever the headers say', async () => {
    const there = await startGatehouse({
      assembly: await synthesize({
        urlMode: 'domain',
        configuration: {
          blockedAddresses: ['127.9.9.0/24'],
          allowedAddresses: ['127.9.0.0/16'],
        },
      }),
    });
    try {
      const send = sender(there.port);
      const to = async (from: string, headers: Sending['headers'] = {}) =>
        (await send({ path: '/health', from, headers })).status;
      expect(await to('127.9.1.1')).toBe(200);
      expect(await to('127.9.9.9')).toBe(403);
      expect(await to('127.8.1.1')).toBe(403);
      expect(await to('127.9.9.9', spoofing('127.9.1.1'))).toBe(403);
    } finally {
      await there.stop();
    }
  });
});

describe('RATE-5, a user', () => {
  const codeOf = (answer: Received): string => JSON.parse(answer.body).error?.data?.code;

  it(`has ${userLimits.perMinute} calls a minute from any address, and the next minute again`, async () => {
    const call = mcpCaller(gatehouse);
    toNext('minute');
    const token = await tokenOf(randomUUID());
    for (let index = 0; index < userLimits.perMinute; index += 1)
      expect((await call({ token })).status).toBe(200);
    const refused = await call({ token, headers: spoofing('203.0.113.9') });
    expectRefused(refused, '/mcp');
    expect(codeOf(refused)).toBe('rate_limit_exceeded');
    expect(header(refused, 'retry-after')).toBe('60');
    expect((await call({ token: await tokenOf(randomUUID()) })).status).toBe(200);

    toNext('minute');
    expect((await call({ token })).status).toBe(200);
  });

  it('is charged the length of a batch, and one call for a batch that has no room', async () => {
    const call = mcpCaller(gatehouse);
    toNext('minute');
    const token = await tokenOf(randomUUID());
    expect((await call({ token, calls: 20 })).status).toBe(200);
    expectRefused(await call({ token, calls: userLimits.perMinute - 20 + 1 }), '/mcp');
    // The batch that was refused has cost its first message.
    expect((await call({ token, calls: userLimits.perMinute - 20 - 1 })).status).toBe(200);
    expectRefused(await call({ token }), '/mcp');
  });

  it(`has ${userLimits.perHour} calls an hour, which refused calls do not burn, and the next hour again`, async () => {
    const call = mcpCaller(gatehouse);
    toNext('hour');
    const sub = randomUUID();
    let taken = 0;
    while (taken < userLimits.perHour) {
      // Short-lived tokens: a new one each minute.
      const token = await tokenOf(sub);
      for (const most of [20, 10]) {
        const calls = Math.min(most, userLimits.perHour - taken);
        if (calls === 0) continue;
        expect((await call({ token, calls })).status).toBe(200);
        taken += calls;
      }
      expect((await call({ token })).status).toBe(429);
      toNext('minute');
    }
    const refused = await call({ token: await tokenOf(sub) });
    expectRefused(refused, '/mcp');
    const minutes = Math.ceil(userLimits.perHour / userLimits.perMinute);
    expect(header(refused, 'retry-after')).toBe(String(3600 - 60 * minutes));

    toNext('hour');
    expect((await call({ token: await tokenOf(sub) })).status).toBe(200);
  });

  it('gets exactly 30 of 500 concurrent requests through', async () => {
    const call = mcpCaller(gatehouse);
    toNext('minute');
    const token = await tokenOf(randomUUID());
    const responses = await Promise.all(Array.from({ length: 500 }, () => call({ token })));
    const passed = responses.filter(({ status }) => status === 200).length;
    const refused = responses.filter(({ status }) => status === 429);
    expect(passed + refused.length).toBe(500);
    // A machine too slow for the table's two seconds lets requests through, each with its event
    // (RATE-5): those are told apart from the ones that were counted.
    const uncounted = gatehouse.logs.filter(({ line }) =>
      line.includes('"event":"UserLimitUnavailable"'),
    ).length;
    expect(passed).toBeGreaterThanOrEqual(userLimits.perMinute);
    expect(passed).toBeLessThanOrEqual(userLimits.perMinute + uncounted);
    // More came past the usage plan than may pass: the user's limit itself decided under
    // contention.
    expect(refused.filter((answer) => !fromGateway(answer)).length).toBeGreaterThan(50);
    for (const response of refused) expectRefused(response, '/mcp');
  });
});

describe('RATE-8, a client profile', () => {
  const { perProfile } = usagePlanShares;
  const mine = () => ({ clientId: appClientOf(gatehouse, profile) });

  /** Tells a subject's share as the deployed authorizer does: the key is random at each start. */
  const shareOfSubject = (sub: string): number => {
    const key = gatehouse.stack
      .resources('AWS::Lambda::Function')
      .map(({ properties }) => properties['Environment'] as { Variables: Record<string, string> })
      .map(({ Variables }) => Variables['USAGE_PLAN_SHARE_KEY'])
      .find((value) => value !== undefined);
    return shareOf(sub, key ?? '', perProfile);
  };
  const subjectIn = (share: number): string => {
    const sub = randomUUID();
    return shareOfSubject(sub) === share ? sub : subjectIn(share);
  };
  const tokensIn = (share: number, count: number) =>
    Promise.all(Array.from({ length: count }, () => tokenOf(subjectIn(share), mine())));

  it('is throttled by share, by a usage plan which no other profile has', async () => {
    const call = mcpCaller(gatehouse);
    toNext('minute');
    const burst = clientProfiles.find(({ name }) => name === profile)?.throttle.burst ?? 0;
    // Several users, so that nobody's own limit takes part.
    const tokens = await tokensIn(0, 16);
    const others = await tokenOf(randomUUID(), { clientId: appClientOf(gatehouse, 'claude') });
    expect((await call({ token: others })).status).toBe(200);
    const responses = await Promise.all(
      Array.from({ length: 2 * burst }, (_, index) =>
        call({ token: tokens[index % tokens.length] ?? '' }),
      ),
    );
    const throttled = responses.filter(fromGateway);
    expect(throttled.length).toBeGreaterThan(0);
    for (const response of throttled) {
      expectRefused(response, '/mcp');
      expect(header(response, 'x-amzn-errortype')).toBe('TooManyRequestsException');
    }
    const admitted = responses.length - throttled.length;
    expect(admitted).toBe(burst);
    expect((await call({ token: others })).status).toBe(200);

    toNext('minute');
    expect((await call({ token: tokens[0] ?? '' })).status).toBe(200);
  });

  it("loses to one user's flood at most the share that the user is in", async () => {
    const call = mcpCaller(gatehouse);
    toNext('minute');
    const [flooding = ''] = await tokensIn(3, 1);
    const shares = Array.from({ length: perProfile }, (_, share) => share);
    const neighbours = await Promise.all(
      shares.map(async (share) => {
        const [token = ''] = await tokensIn(share, 1);
        return token;
      }),
    );
    const [flood, seen] = await Promise.all([
      Promise.all(Array.from({ length: 300 }, () => call({ token: flooding }))),
      Promise.all(
        neighbours.map(async (token) => {
          const statuses: number[] = [];
          for (let index = 0; index < 10; index += 1) statuses.push((await call({ token })).status);
          return statuses;
        }),
      ),
    ]);
    expect(flood.filter(fromGateway).length).toBeGreaterThan(0);
    const unharmed = seen.filter((statuses) => statuses.every((status) => status === 200));
    expect(unharmed.length).toBeGreaterThanOrEqual(perProfile - 1);
  });

  it('charges its user for what is no JSON too', async () => {
    const call = mcpCaller(gatehouse);
    toNext('minute');
    const token = await tokenOf(randomUUID());
    for (let index = 0; index < userLimits.perMinute; index += 1)
      expect((await call({ token, body: '{' })).status).toBe(400);
    expectRefused(await call({ token, body: '{' }), '/mcp');
    expectRefused(await call({ token }), '/mcp');
  });
});

describe('RATE-10', () => {
  it("logs the connection's address, whatever the headers say", async () => {
    const from = freshAddress();
    gatehouse.logs.splice(0);
    await mcpCaller(gatehouse)({ token: 'nonsense', from, headers: spoofing('203.0.113.7') });
    const lines = gatehouse.logs.map(({ line }) => line).join('\n');
    expect(lines).toContain(`"sourceIp":"${from}"`);
    expect(lines).not.toContain('203.0.113.7');
  });
});
