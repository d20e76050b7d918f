import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  forgetState,
  type RuntimeState,
  readState,
  stateFile,
  writeState,
} from '../../../local/state/state-file.ts';

const state: RuntimeState = {
  version: 1,
  sub: 'a-sub',
  secrets: { '{{resolve:secretsmanager:a}}': 'b' },
  cognito: {
    signingKeys: {
      id: { kid: 'a', privateJwk: { kty: 'RSA' } },
      access: { kid: 'b', privateJwk: { kty: 'RSA' } },
    },
    clientSecrets: { client: { current: 'c' } },
    refreshTokens: [],
    revoked: [],
    browserSessions: [],
    users: [],
    groups: [],
  },
  tables: { table: [{ pk: { S: 'a' } }] },
};

describe('the state of the local runtime', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-state-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const place = () => ({ folder, urlMode: 'domain', port: 3000 }) as const;

  it('is kept and forgotten, readable for its owner alone and for no repository', () => {
    const file = stateFile(place());
    expect(readState(file)).toBeUndefined();
    writeState(file, state);
    expect(readState(file)).toEqual(state);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(file)).sort()).toEqual(['.gitignore', 'domain-3000.json']);
    forgetState(file);
    expect(readState(file)).toBeUndefined();
  });

  it('is another one for another issuer or another Gatehouse, below the same folder', () => {
    const others = [
      { ...place(), port: 3001 },
      { ...place(), urlMode: 'stage' as const },
      { ...place(), path: 'Orders/../../Mcp' },
    ].map(stateFile);
    expect(new Set([stateFile(place()), ...others]).size).toBe(4);
    for (const file of others) expect(dirname(file)).toBe(join(folder, '.local', 'state'));
  });

  it.each(['{', '{"version":2}', JSON.stringify({ ...state, version: 2 })])(
    'of another version or broken counts as none: %s',
    (text) => {
      const file = stateFile(place());
      writeState(file, state);
      writeFileSync(file, text);
      expect(readState(file)).toBeUndefined();
    },
  );
});
