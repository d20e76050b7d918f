import { secured } from '../../../lambdas/middleware/secured.ts';
import { endpointsOf } from '../../../policy/endpoints.ts';
import { gatewayEvent, lambdaContext } from '../http/gateway-event.ts';
import { capture } from '../logging/log-lines.ts';
import { ok, settings } from './stack.ts';

it('takes the shape of errors, bodies and browsers from the row of the endpoint', async () => {
  const call = secured({ endpoint: 'token', settings }, ok);
  const send = (type: string, origin: string) =>
    capture(() =>
      call(
        gatewayEvent({ path: '/token', headers: { 'content-type': type, origin }, body: '{}' }),
        lambdaContext(),
      ),
    );
  const refused = await send('application/json', 'https://claude.ai');
  expect(refused.result).toMatchObject({
    statusCode: 415,
    headers: { 'access-control-allow-origin': 'https://claude.ai' },
  });
  expect(JSON.parse(String(refused.result.body))).toMatchObject({ error: 'invalid_request' });
  const taken = await send('application/x-www-form-urlencoded', 'https://evil.example');
  expect(taken.result).toMatchObject({ statusCode: 200 });
  expect(taken.result.headers).not.toHaveProperty('access-control-allow-origin');
});

it('does not start a function whose row asks for a token that nothing verifies', () => {
  expect(() => secured({ endpoint: 'mcp', settings }, ok)).toThrow(TypeError);
});

it.each(['metadata', 'registration', 'authorization', 'token', 'mcp', 'health'] as const)(
  'the rows of %s agree on errors, browsers and authentication: it has one stack',
  (name) => {
    const facts = endpointsOf(name).map(({ errors, browsers, authentication }) =>
      [errors, browsers, authentication].join(),
    );
    expect(new Set(facts).size).toBe(1);
  },
);
