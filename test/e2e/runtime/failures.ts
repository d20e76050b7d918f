import { randomUUID } from 'node:crypto';
import type { Gatehouse } from '../../../local/runtime.ts';
import { lifetimes } from '../../../policy/lifetimes.ts';
import { loginSteps, type Ready } from './login-steps.ts';
import { mcpCaller } from './mcp-calls.ts';
import { header, type Received, sender } from './send.ts';

/** Breaks something, and gives back how to mend it. */
export type Failure = (gatehouse: Gatehouse) => Promise<() => Promise<unknown> | undefined>;

type TableFault = Parameters<Gatehouse['table']['faults']['set']>[0];

const table =
  (fault: TableFault): Failure =>
  async ({ table: { faults } }) => {
    await faults.set(fault);
    return () => faults.clear();
  };

/** Cognito's API and its hosted domain together. */
const cognito =
  (fault: TableFault): Failure =>
  async ({ cognito: { apiFaults, domainFaults } }) => {
    await Promise.all([apiFaults.set(fault), domainFaults.set(fault)]);
    return () => Promise.all([apiFaults.clear(), domainFaults.clear()]);
  };

const cold =
  (failure: Failure): Failure =>
  async (gatehouse) => {
    await Promise.all([...gatehouse.functions.values()].map((each) => each.retire()));
    return failure(gatehouse);
  };

const nothing: Failure = async () => () => undefined;

const rotation: Failure = async ({ cognito }) => {
  await cognito.rotateKeys();
  return () => undefined;
};

/**
 * The first change makes our instances fetch the keys; they may not again until a minute is over.
 */
const secondRotation: Failure = async (gatehouse) => {
  await gatehouse.cognito.rotateKeys();
  await mcpCaller(gatehouse)({
    token: await gatehouse.cognito.mint({ resource: gatehouse.mcpUrl }),
  });
  return rotation(gatehouse);
};

const skew =
  (milliseconds: number): Failure =>
  async ({ clock }) => {
    clock.skewFunctions(milliseconds);
    return async () => clock.skewFunctions(0);
  };

/** By the words of docs/failure-modes.md. */
export const failures: Readonly<Record<string, Failure>> = {
  'nothing is wrong': nothing,
  'nothing is wrong, cold start': cold(nothing),
  'the table refuses connections': table({ kind: 'refused' }),
  'the table cuts connections': table({ kind: 'reset' }),
  'the table answers after 1 s': table({ kind: 'slow', milliseconds: 1000 }),
  'the table answers after 3 s': table({ kind: 'slow', milliseconds: 3000 }),
  'the table loses its answer': table({ kind: 'lost' }),
  'the table throttles': table({ kind: 'throttled' }),
  'the table answers 500': table({ kind: 'status500' }),
  'the table answers garbage': table({ kind: 'garbage' }),
  'Cognito refuses connections': cognito({ kind: 'refused' }),
  'Cognito refuses connections, cold start': cold(cognito({ kind: 'refused' })),
  'Cognito cuts connections': cognito({ kind: 'reset' }),
  'Cognito loses its answer': cognito({ kind: 'lost' }),
  'Cognito answers after 7 s': cognito({ kind: 'slow', milliseconds: 7000 }),
  'Cognito throttles': cognito({ kind: 'throttled' }),
  'Cognito answers 500': cognito({ kind: 'status500' }),
  'Cognito answers garbage': cognito({ kind: 'garbage' }),
  'Cognito answers garbage, cold start': cold(cognito({ kind: 'garbage' })),
  'the signing key is another': rotation,
  'the signing key is another, cold start': cold(rotation),
  'the signing key is another twice in a minute': secondRotation,
  'our clock is 2 minutes ahead': skew(120_000),
  'our clock is 2 minutes behind': skew(-120_000),
};

/**
 * What each endpoint answers while something is broken, and what a code and a refresh token are
 * worth when it is mended.
 */
export const during = async (
  gatehouse: Gatehouse,
  failure: Failure,
): Promise<Readonly<Record<string, Received>>> => {
  const steps = loginSteps(gatehouse);
  const call = mcpCaller(gatehouse);
  const get =
    (path: string): Ready =>
    (headers = {}) =>
      sender(gatehouse.port)({ path: `${steps.prefix}${path}`, headers });
  const mint = () =>
    gatehouse.cognito.mint({ resource: gatehouse.mcpUrl, claims: { sub: randomUUID() } });

  // Instances that are warm fetched their keys long ago, so that they may fetch them again.
  await call({ token: await mint() });
  gatehouse.clock.advance(lifetimes.jwksRefetchSeconds * 1000 + 1000);

  const clientId = await steps.clientId();
  const { refresh } = await steps.tokens(clientId);
  const { refresh: revoked } = await steps.tokens(clientId);
  const consent = await steps.consent(clientId);
  const callback = await steps.callback(clientId);
  const code = await steps.redemption(clientId);
  const refreshment = steps.refreshment(clientId, refresh);
  const before = await mint();

  const mend = await failure(gatehouse);
  const responses: Record<string, Received> = {};
  const ask = async (name: string, ready: Ready): Promise<void> => {
    responses[name] = await ready();
  };
  const inTurn = async (...asks: readonly (() => Promise<void>)[]): Promise<void> => {
    for (const each of asks) await each();
  };
  try {
    await Promise.all([
      // Those of one function in turn, so that each meets the instance that is warm.
      inTurn(
        () => ask('/mcp', () => call({ token: before })),
        () => ask('/mcp, new token', async () => call({ token: await mint() })),
      ),
      inTurn(
        () => ask('/authorize', steps.authorize(clientId)),
        () => ask('/consent', consent),
        () => ask('/callback', callback),
      ),
      inTurn(
        () => ask('/token, code', code),
        () => ask('/token, refresh', refreshment),
        () => ask('/revoke', steps.revocation(clientId, revoked)),
      ),
      ask('/register', steps.register),
      ask('metadata', get('/.well-known/oauth-protected-resource')),
      inTurn(
        () => ask('/health', get('/health')),
        () => ask('/self-test', get('/self-test')),
      ),
    ]);
  } finally {
    await mend();
  }
  const waits = Object.values(responses).map((answer) =>
    Number(header(answer, 'retry-after') ?? 0),
  );
  // A client that waits as it was told, by a clock that the test moves.
  gatehouse.clock.advance(Math.max(...waits) * 1000);
  await ask('the code again', code);
  await ask('the refresh again', refreshment);
  return responses;
};

/** `503 after 2 s`: the status, and what `Retry-After` says. */
export const cell = (answer: Received | undefined): string => {
  if (answer === undefined) return '';
  const wait = header(answer, 'retry-after');
  return wait === undefined ? String(answer.status) : `${answer.status} after ${wait} s`;
};
