import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import {
  claimedProfile,
  decryptRefreshToken,
  encryptRefreshToken,
} from '../../../lambdas/oauth/encrypted-refresh-token.ts';

const secret = randomBytes(24).toString('hex');
const other = randomBytes(24).toString('hex');
const grant = {
  clientId: 'client_1',
  resource: 'https://mcp.example.com/mcp',
  scopes: ['a', 'b'],
  subject: 'sub',
  token: 'cognito-token',
  grant: 'grant-1',
  generation: 3,
  session: 'session-1',
};

describe('an encrypted refresh token', () => {
  it('opens with its own secret, and shows nothing but its profile', () => {
    const token = encryptRefreshToken('claude', secret, grant);
    expect(claimedProfile(token)).toBe('claude');
    expect(decryptRefreshToken(token, [secret])).toEqual(grant);
    expect(decryptRefreshToken(token, [other, secret])).toEqual(grant);
    expect(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('latin1')).not.toContain(
      'cognito-token',
    );
    expect(encryptRefreshToken('claude', secret, grant)).not.toBe(token);
  });

  it('is still opened when an earlier version of the program encrypted it', () => {
    const token =
      'claude.Du-J6TWt7xW-DeACFb8WnfcIwn-CjQy3CSJC9XxQHaoYIe53U7uv6A4zatnABU4Y6AcLklbASHlilvtms_IcsIN1517lQRtC9vt36gaDAmh9YXHYtWAh6-_5Kd_iOnsfM7qdUIO3Bi949twPwItu9T0wt7FEQYo2c02oW-_BAOxIiRDOVUWit81dVvVJcc-O_UlTNAS-umpDOzL4vtu_bdBml3Jjx7DKwqIE7oP3QmNppTov_gFgtcRNAmjo4qMyp6dMnaQLdwNKcc-pyJA';
    expect(decryptRefreshToken(token, ['an-app-client-secret'])).toEqual(grant);
  });

  it('opens with no other secret, and under no other profile', () => {
    const token = encryptRefreshToken('claude', secret, grant);
    expect(decryptRefreshToken(token, [other])).toBeUndefined();
    expect(decryptRefreshToken(token, [])).toBeUndefined();
    expect(decryptRefreshToken(token.replace(/^claude/, 'julius'), [secret])).toBeUndefined();
  });

  it('never opens when a character of it was changed, added or removed', () => {
    const token = encryptRefreshToken('claude', secret, grant);
    fc.assert(
      fc.property(
        fc.nat({ max: token.length }),
        fc.nat({ max: 3 }),
        fc.string({ maxLength: 3 }),
        (at, cut, text) => {
          const mutated = token.slice(0, at) + text + token.slice(at + cut);
          if (mutated !== token) expect(decryptRefreshToken(mutated, [secret])).toBeUndefined();
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('is told from any other text without an exception', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.base64String().map((text) => `claude.${text}`),
        ),
        (text) => decryptRefreshToken(text, [secret]) === undefined,
      ),
    );
  });

  it('does not open when its contents are not a grant', () => {
    const token = encryptRefreshToken('claude', secret, { ...grant, scopes: [] });
    expect(decryptRefreshToken(token, [secret])).toEqual({ ...grant, scopes: [] });
    expect(
      decryptRefreshToken(encryptRefreshToken('claude', secret, JSON.parse('{"clientId":1}')), [
        secret,
      ]),
    ).toBeUndefined();
  });
});
