import { checkEnvironment } from '../../lib/environment-size.ts';
import { deployedCode } from './deployed-code.ts';
import { servingFunctions, synthesized, withDomain } from './synthesized.ts';

/** As many client profiles as a user pool has branding styles for, with long lists. */
const profiles = Array.from({ length: 17 }, (_, index) => ({
  name: `a-client-with-a-long-name-${index}`,
  redirectUris: Array.from(
    { length: 5 },
    (_, n) => `https://client-${index}.example/callback/${n}`,
  ),
}));

describe('the environment of a function', () => {
  test('stays under 4 KB with as many client profiles as there can be', () => {
    const template = synthesized({ ...withDomain, profiles });
    for (const { Properties } of Object.values(servingFunctions(template)))
      expect(JSON.stringify(Properties['Environment'].Variables).length).toBeLessThan(6000);
  });

  test('that would be over 4 KB fails the synthesis, and names the variable', () => {
    expect(() => checkEnvironment('mcp', { SHORT: 'a', LONG: 'b'.repeat(4100) })).toThrow(
      /function mcp would be 4110 bytes, and Lambda takes 4096. The longest variable is LONG/,
    );
    const allowedOrigins = Array.from({ length: 200 }, (_, n) => `https://app-${n}.example.com`);
    expect(() => synthesized({ ...withDomain, allowedOrigins })).toThrow(/ALLOWED_ORIGINS/);
  });

  test('counts bytes, not characters', () => {
    expect(() => checkEnvironment('mcp', { A: 'é'.repeat(2048) })).toThrow(/4097 bytes/);
  });
});

test('what grows with the profiles travels in the bundle of those who read it', () => {
  const code = deployedCode({ ...withDomain, profiles });
  const readers = Object.keys(code).filter((name) =>
    /^process\.env\.CLIENT_PROFILES=.*a-client-with-a-long-name-16/.test(code[name] ?? ''),
  );
  expect(readers.sort()).toEqual(['authorization', 'metadata', 'registration', 'token']);
});
