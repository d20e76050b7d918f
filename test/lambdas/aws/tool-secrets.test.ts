import { secretsOf } from '../../../lambdas/aws/tool-secrets.ts';
import {
  type SecretsManager,
  startSecretsManager,
} from '../../../local/secrets-manager/secrets-manager.ts';
import { lifetimes } from '../../../policy/lifetimes.ts';

const arn = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:Api-abc123';
const other = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:Other-abc123';
const variables = { TOOL_SECRET_api: arn, TOOL_SECRET_other: other, AWS_REGION: 'eu-west-1' };

let manager: SecretsManager;
let reads = 0;
let values: Record<string, string> = {};
const { env } = process;

beforeAll(async () => {
  manager = await startSecretsManager({
    values: () => {
      reads += 1;
      return values;
    },
    permits: (key, { action, resource }) =>
      key === 'ASIAMCP' && action === 'secretsmanager:GetSecretValue' && resource === arn,
  });
  manager.learn(variables);
  process.env = {
    ...env,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: manager.endpoint,
    AWS_ACCESS_KEY_ID: 'ASIAMCP',
    AWS_SECRET_ACCESS_KEY: 'good-for-nothing',
  };
});
afterAll(async () => {
  process.env = env;
  await manager.stop();
});

/** The secrets of an instance whose clock stands where the test puts it. */
const instance = () => {
  const time = { now: 1_000_000 };
  const secret = secretsOf(variables, { clock: () => time.now, random: () => 0 });
  return { secret, pass: (seconds: number) => (time.now += seconds * 1000) };
};

beforeEach(() => {
  reads = 0;
  values = { api: 'first' };
});

describe('a tool’s secret', () => {
  it('is read by the first call that needs it, and kept', async () => {
    const { secret } = instance();
    expect(reads).toBe(0);
    expect(await Promise.all([secret('api'), secret('api')])).toEqual(['first', 'first']);
    expect(await secret('api')).toBe('first');
    expect(reads).toBe(1);
  });

  it('is read again after its time, or when a tool says that it does not serve', async () => {
    const { secret, pass } = instance();
    await secret('api');
    values = { api: 'second' };
    pass(lifetimes.toolSecretSeconds - 1);
    expect(await secret('api')).toBe('first');
    expect(await secret('api', true)).toBe('second');
    values = { api: 'third' };
    pass(lifetimes.toolSecretSeconds);
    expect(await secret('api')).toBe('third');
    expect(reads).toBe(3);
  });

  it('serves on where it cannot be read again', async () => {
    const { secret, pass } = instance();
    await secret('api');
    values = {};
    pass(lifetimes.toolSecretSeconds + 1);
    expect(await secret('api')).toBe('first');
  });

  it('that the local runtime does not know is named with the file', async () => {
    values = {};
    const failure = await instance()
      .secret('api')
      .catch((error: Error) => error);
    expect(String(Object(failure).cause)).toContain('write api=… into .env.local');
  });

  it('that the role may not read, or that nobody named, is refused', async () => {
    const { secret } = instance();
    const failure = await secret('other').catch((error: Error) => error);
    expect(String(Object(failure).cause)).toContain('not authorized to perform');
    await expect(secret('nope')).rejects.toThrow('name it in the property tools.secrets');
  });
});
