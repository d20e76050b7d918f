import { type Check, health } from '../../../lambdas/health/health.ts';
import { stack } from '../middleware/stack.ts';

const good: Check = { name: 'good', check: async () => {} };
const bad: Check = {
  name: 'bad',
  check: () => Promise.reject(new Error('arn:aws:dynamodb:us-east-1:123456789012:table/state')),
};

const get = (
  path: string,
  environment: 'production' | 'development' = 'development',
  checks = [good],
) => stack({}, health(environment, checks))({ method: 'GET', path });

it('says that it lives and nothing more', async () => {
  expect(await get('/health', 'production', [bad])).toMatchObject({
    status: 200,
    json: { status: 'ok' },
  });
});

it('tests itself on development environments only', async () => {
  expect(await get('/self-test')).toMatchObject({
    status: 200,
    json: { status: 'ok', checks: [{ name: 'good', ok: true }] },
  });
  expect(await get('/self-test', 'production')).toMatchObject({ status: 404 });
});

it('tells what fails to the caller, and why to the log alone', async () => {
  const response = await get('/self-test', 'development', [good, bad]);
  expect(response).toMatchObject({
    status: 503,
    json: {
      type: 'about:blank',
      status: 503,
      code: 'temporarily_unavailable',
      requestId: expect.any(String),
      checks: [
        { name: 'good', ok: true },
        { name: 'bad', ok: false },
      ],
    },
  });
  expect(response.body).not.toContain('arn:');
  expect(response.lines).toMatchObject([
    { level: 'ERROR', detail: 'bad' },
    { level: 'ERROR', code: 'temporarily_unavailable' },
  ]);
});

it('answers other methods and paths as it should', async () => {
  expect(
    await stack({}, health('production', []))({ method: 'DELETE', path: '/health' }),
  ).toMatchObject({ status: 405 });
  expect(await get('/other')).toMatchObject({ status: 404 });
});
