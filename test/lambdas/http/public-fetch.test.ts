import type { Network } from '../../../lambdas/http/public-fetch.ts';
import { PublicFetchFailed, publicFetch } from '../../../lambdas/http/public-fetch.ts';

const limits = { timeoutMs: 200, maximumBytes: 100 };
const silent: Network = { resolve: () => new Promise(() => {}), get: () => new Promise(() => {}) };

describe('a fetch from the public internet', () => {
  it.each([
    'http://claude.ai/x',
    'https://claude.ai:8443/x',
    'https://user@claude.ai/x',
    'ftp://claude.ai/x',
    'file:///etc/passwd',
  ])('refuses %s before it asks the name server', async (url) => {
    let lookups = false;
    const network: Network = {
      ...silent,
      resolve: async () => {
        lookups = true;
        return [];
      },
    };
    await expect(publicFetch(new URL(url), limits, network)).rejects.toBeInstanceOf(
      PublicFetchFailed,
    );
    expect(lookups).toBe(false);
  });

  it('waits for the name server no longer than for everything', async () => {
    await expect(publicFetch(new URL('https://claude.ai/x'), limits, silent)).rejects.toThrow(
      'does not resolve in time',
    );
  });

  it('leaves the connection only the time that the name server left', async () => {
    let left = 0;
    const network: Network = {
      resolve: async () => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        return [
          { address: '2606:4700::1111', family: 6 },
          { address: '160.79.104.10', family: 4 },
        ];
      },
      get: async (_, { family }, { timeoutMs }) => {
        left = timeoutMs;
        return {
          status: 200,
          headers: { 'content-type': 'application/problem+json; charset=utf-8' },
          text: '',
          json: family,
        };
      },
    };
    // IPv4 first: a function outside a VPC has no IPv6 way out.
    expect((await publicFetch(new URL('https://claude.ai/x'), limits, network)).json).toBe(4);
    expect(left).toBeLessThanOrEqual(155);
  });
});
