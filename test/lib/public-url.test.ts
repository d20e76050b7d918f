import { publicUrl } from '../../lib/public-url.ts';

describe('the public URL', () => {
  test.each(['domain', 'cloudfront'] as const)(
    'owns the root of its host in the mode %s',
    (mode) => {
      expect(publicUrl({ mode, stage: 'prod', origin: 'https://mcp.example.com' })).toEqual({
        mode,
        issuer: 'https://mcp.example.com',
        resource: 'https://mcp.example.com/mcp',
        callback: 'https://mcp.example.com/callback',
        tokenChallenge:
          'Bearer resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp", scope="gatehouse/tools.read gatehouse/tools.call"',
        scopeChallenge:
          'Bearer error="insufficient_scope", resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp", scope="gatehouse/tools.read gatehouse/tools.call"',
      });
    },
  );

  test('points below the stage where the root belongs to AWS', () => {
    const url = publicUrl({
      mode: 'stage',
      stage: 'prod',
      origin: 'https://a1.execute-api.eu-west-1.amazonaws.com',
    });
    expect(url.resource).toBe('https://a1.execute-api.eu-west-1.amazonaws.com/prod/mcp');
    expect(url.tokenChallenge).toContain(
      `resource_metadata="${url.resource}/.well-known/oauth-protected-resource"`,
    );
  });
});
