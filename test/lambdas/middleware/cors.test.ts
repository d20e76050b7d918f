import type { HttpResponse } from '../../../lambdas/http/request.ts';
import { securityStack } from '../../../lambdas/middleware/stack.ts';
import { sizes } from '../../../policy/limits.ts';
import { gatewayEvent, lambdaContext } from '../http/gateway-event.ts';
import { jsonHeaders, now, ok, settings, stack } from './stack.ts';

const from = (origin: string, method = 'POST') => ({
  method,
  headers: { ...jsonHeaders, origin },
  body: '{}',
});
const corsNames = (headers: Readonly<Record<string, unknown>>): string[] =>
  Object.keys(headers).filter((name) => name.startsWith('access-control-'));

it('never gives one caller the CORS headers of another, though both get one shared response', async () => {
  const headers = Object.freeze({ 'content-type': 'application/json' });
  const shared: HttpResponse = Object.freeze({ statusCode: 200, headers, body: '{}' });
  const call = stack({}, () => shared);
  const listed = await call(from('https://claude.ai'));
  expect(listed.headers['access-control-allow-origin']).toBe('https://claude.ai');
  expect(corsNames((await call(from('https://evil.example'))).headers)).toEqual([]);
  expect((await call(from('https://julius.ai'))).headers['access-control-allow-origin']).toBe(
    'https://julius.ai',
  );
  expect(shared).toEqual({
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
});

it('answers a foreign preflight without the CORS headers of the listed one before it', async () => {
  const call = stack();
  expect(corsNames((await call(from('https://claude.ai', 'OPTIONS'))).headers).sort()).toEqual([
    'access-control-allow-headers',
    'access-control-allow-methods',
    'access-control-allow-origin',
    'access-control-expose-headers',
    'access-control-max-age',
  ]);
  expect(corsNames((await call(from('https://evil.example', 'OPTIONS'))).headers)).toEqual([]);
});

it.each(['https://CLAUDE.ai', 'https://claude.ai/', 'https://claude.ai:443', 'null', '*', ''])(
  'compares origins exactly: %s is not listed',
  async (origin) => {
    for (const method of ['POST', 'OPTIONS'])
      expect(corsNames((await stack()(from(origin, method))).headers)).toEqual([]);
  },
);

it('names what a preflight asks for in preflights alone', async () => {
  expect(corsNames((await stack()(from('https://claude.ai'))).headers).sort()).toEqual([
    'access-control-allow-origin',
    'access-control-expose-headers',
  ]);
});

it.each([[], ['https://claude.ai'], ['https://claude.ai', 'https://julius.ai']])(
  'says once that the response depends on the origin, however many are listed',
  async (...origins) => {
    const response = await stack({ settings: { ...settings, ALLOWED_ORIGINS: origins } })(
      from('https://claude.ai'),
    );
    expect(response.headers['vary']).toBe('Origin');
  },
);

it('sends each header in one spelling', async () => {
  const call = securityStack(
    {
      service: 'test',
      errors: 'problem',
      cors: 'cross-origin',
      bodies: { types: ['application/json'], bytes: sizes.bodyBytes },
      settings,
      clock: () => now,
    },
    (request) => ({
      ...ok(request),
      statusCode: 200,
      body: '',
      headers: { 'X-Frame-Options': 'ALLOW', 'x-frame-options': 'ALLOW', Vary: 'Accept' },
    }),
  );
  const { headers = {} } = await call(gatewayEvent(from('https://claude.ai')), lambdaContext());
  for (const name of Object.keys(headers)) expect(name).toBe(name.toLowerCase());
  expect(headers).toMatchObject({ 'x-frame-options': 'DENY', vary: 'Origin' });
});
