import { randomBytes } from 'node:crypto';
import { InvalidToken, Unexpected } from '../../../lambdas/errors/errors.ts';
import { securityStack } from '../../../lambdas/middleware/stack.ts';
import { sizes } from '../../../policy/limits.ts';
import { type Asked, gatewayEvent, lambdaContext } from '../http/gateway-event.ts';
import { capture } from '../logging/log-lines.ts';
import { ok, settings } from './stack.ts';

const secret = () => randomBytes(32).toString('base64url');
const canaries = {
  token: `eyJ${secret()}.${secret()}.${secret()}`,
  code: secret(),
  verifier: secret(),
  cookie: secret(),
  email: 'canary@example.com',
  state: secret(),
};

const spellings = (text: string): string[] => [
  text,
  Buffer.from(text).toString('base64').replace(/=+$/, ''),
  Buffer.from(text).toString('base64url'),
  encodeURIComponent(text),
];

const carrying: readonly Asked[] = [
  {
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${canaries.token}`,
      cookie: `__Host-login=${canaries.cookie}`,
      origin: `https://${canaries.code}.example`,
    },
    query: [
      ['code', canaries.code],
      ['state', canaries.state],
    ],
    body: JSON.stringify({ code_verifier: canaries.verifier, email: canaries.email }),
  },
  {
    headers: { 'content-type': 'application/json' },
    body: `{"code":"${canaries.code}" ${canaries.email}`,
  },
  { headers: { 'content-type': 'text/plain' }, body: canaries.token },
  { headers: { authorization: [canaries.token, canaries.code] }, body: canaries.email },
  {
    query: [['access_token', canaries.token]],
    headers: { 'content-type': 'application/json' },
    body: '{}',
  },
];

const handlers = {
  'that succeeds': ok,
  'that breaks with what it was given': () => {
    throw new TypeError(
      `cannot read ${canaries.token} of ${canaries.email}: code=${canaries.code}`,
      {
        cause: new Error(`verifier ${canaries.verifier}`),
      },
    );
  },
  'that breaks over JSON': () => JSON.parse(`state ${canaries.state}`),
  'that refuses with a careless detail': () => {
    throw new Unexpected({ detail: `cookie ${canaries.cookie} and ${canaries.code}` });
  },
};

it.each(['production', 'development'] as const)(
  'no secret is written or answered, on any path, at any level (%s)',
  async (environment) => {
    process.env['POWERTOOLS_LOG_LEVEL'] = 'DEBUG';
    try {
      for (const [name, handler] of Object.entries(handlers)) {
        for (const errors of ['jsonrpc', 'oauth', 'page', 'problem'] as const) {
          for (const authenticate of [
            undefined,
            () => {
              throw new InvalidToken({ detail: `${canaries.token}` });
            },
          ]) {
            const options = {
              service: 'test',
              errors,
              cors: 'cross-origin',
              bodies: { types: ['application/json'], bytes: sizes.bodyBytes },
              settings: { ...settings, ENVIRONMENT: environment },
              ...(authenticate && { authenticate }),
            } as const;
            const call = securityStack(options, handler);
            for (const requested of carrying) {
              const { raw, result } = await capture(() =>
                call(gatewayEvent(requested), lambdaContext()),
              );
              const everything = raw + JSON.stringify(result);
              for (const [kind, canary] of Object.entries(canaries)) {
                for (const spelling of spellings(canary))
                  expect([name, kind, everything.includes(spelling)]).toEqual([name, kind, false]);
              }
            }
          }
        }
      }
    } finally {
      delete process.env['POWERTOOLS_LOG_LEVEL'];
    }
  },
);
