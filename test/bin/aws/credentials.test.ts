import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findCredentials, findRegion } from '../../../bin/aws/credentials.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-aws-'));
const kept = { ...process.env };
beforeEach(() => {
  writeFileSync(join(folder, 'config'), '[profile ops]\nregion = eu-central-1\n');
  writeFileSync(
    join(folder, 'credentials'),
    '[ops]\naws_access_key_id = AKIDOPS\naws_secret_access_key = secret\n',
  );
  process.env = {
    PATH: kept['PATH'],
    HOME: folder,
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
  };
});
afterEach(() => {
  process.env = kept;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('credentials and region', () => {
  it('come from a profile', async () => {
    const account = { profile: 'ops' };
    expect(await findCredentials(account)).toMatchObject({ accessKeyId: 'AKIDOPS' });
    expect(await findRegion(account)).toBe('eu-central-1');
  });

  it('come from variables, and an option goes over them', async () => {
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: 'AKIDVAR',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_REGION: 'eu-west-1',
    });
    expect(await findCredentials({})).toMatchObject({ accessKeyId: 'AKIDVAR' });
    expect(await findRegion({})).toBe('eu-west-1');
    expect(await findRegion({ region: 'us-gov-west-1' })).toBe('us-gov-west-1');
  });

  it('are asked for where there are none', async () => {
    await expect(findCredentials({})).rejects.toThrow('name a profile with --profile');
    await expect(findRegion({})).rejects.toThrow('There is no AWS region');
    await expect(findRegion({ region: 'eu-west-1.evil.example' })).rejects.toThrow(
      'is no AWS region',
    );
  });
});
