import { fetchPage } from '../../../examples/sample-tools/tools/fetch-page.ts';
import type { Network } from '../../../lambdas/http/public-fetch.ts';
import { InvalidArguments } from '../../../lambdas/mcp/authoring/define-tool.ts';
import { callContext } from '../../../lambdas/mcp/testing/call-context.ts';

const network = (overrides: Partial<Network> = {}): Network & { readonly connected: string[] } => {
  const connected: string[] = [];
  return {
    connected,
    resolve: async () => [{ address: '93.184.216.34', family: 4 }],
    get: async (_url, { address }) => {
      connected.push(address);
      return {
        status: 200,
        headers: { 'content-type': 'text/html; charset=utf-8' },
        text: '<p>hello</p>',
        json: undefined,
      };
    },
    ...overrides,
  };
};

const call = (url: string, outside = network()) => fetchPage(outside).call({ url }, callContext());

describe('fetch_page', () => {
  it('returns the text of a public page, connecting to the address that was checked', async () => {
    const outside = network();
    expect(await call('https://example.com/a?b', outside)).toEqual({
      content: [{ type: 'text', text: '<p>hello</p>', json: undefined }],
      structuredContent: {
        url: 'https://example.com/a?b',
        contentType: 'text/html; charset=utf-8',
        text: '<p>hello</p>',
        json: undefined,
      },
    });
    expect(outside.connected).toEqual(['93.184.216.34']);
  });

  it.each([
    'http://example.com/',
    'https://example.com:8443/',
    'https://user:pw@example.com/',
    'file:///etc/passwd',
    'ftp://example.com/',
  ])('does not fetch %s', async (url) => {
    const outside = network();
    await expect(call(url, outside)).rejects.toThrow('not a plain https URL');
    expect(outside.connected).toEqual([]);
  });

  it.each([
    '127.0.0.1',
    '10.0.0.1',
    '169.254.169.254',
    '169.254.170.2',
    '192.168.1.1',
    '100.64.0.1',
    '0.0.0.0',
    '::1',
    'fe80::1',
    'fd00:ec2::254',
    '::ffff:127.0.0.1',
  ])('does not reach %s, whatever name leads there', async (address) => {
    const outside = network({
      resolve: async () => [
        { address: '93.184.216.34', family: 4 },
        { address, family: address.includes(':') ? 6 : 4 },
      ],
    });
    await expect(call('https://inside.example.com/', outside)).rejects.toThrow(
      'an address that is not public',
    );
    expect(outside.connected).toEqual([]);
  });

  it('says what went wrong outside', async () => {
    await expect(
      call(
        'https://example.com/',
        network({ resolve: () => Promise.reject(new Error('ENOTFOUND')) }),
      ),
    ).rejects.toThrow('does not resolve');
    await expect(
      call('https://example.com/', network({ get: () => Promise.reject(new Error('too long')) })),
    ).rejects.toThrow('no usable response');
    await expect(
      call(
        'https://example.com/',
        network({ get: async () => ({ status: 302, headers: {}, text: '', json: undefined }) }),
      ),
    ).rejects.toThrow('status 302');
    await expect(
      call(
        'https://example.com/',
        network({
          get: async () => ({
            status: 200,
            headers: { 'content-type': 'image/png' },
            text: '',
            json: undefined,
          }),
        }),
      ),
    ).rejects.toThrow('does not lead to text');
  });

  it('refuses what is no URL before anything is looked up', async () => {
    expect(await call('example.com')).toBeInstanceOf(InvalidArguments);
    expect(await call(`https://example.com/${'a'.repeat(3000)}`)).toBeInstanceOf(InvalidArguments);
  });
});
