import { createPublicKey, createVerify, type KeyObject } from 'node:crypto';
import * as z from 'zod';

/** How many tools the server has; the bundler puts it here. */
declare const TOOL_COUNT: number;

export interface Event {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The tools that everybody serves: `add`, and as many more of the same kind as it takes. */
export const toolNames = Array.from({ length: TOOL_COUNT }, (_, index) =>
  index === 0 ? 'add' : `add_${index}`,
);

export const describe = (name: string) => ({
  title: `Add ${name}`,
  description:
    'Adds two numbers and says where the sum was made. Use it whenever two numbers have to become one.',
});

export const input = () =>
  z.object({
    a: z.number().describe('First'),
    b: z.number().describe('Second'),
    note: z.string().max(200).optional(),
  });
export const output = () => z.object({ sum: z.number() });

export const add = ({ a, b }: { a: number; b: number }) => ({
  content: [{ type: 'text' as const, text: JSON.stringify({ sum: a + b }) }],
  structuredContent: { sum: a + b },
});

let key: KeyObject | undefined;

/**
 * RS256 and the claims that say for whom a token is: what every peer does for each request. None of
 * them counts, logs or limits.
 */
export const verifyToken = (authorization: string | undefined) => {
  key ??= createPublicKey(process.env['BENCH_PUBLIC_KEY'] ?? '');
  const [header = '', payload = '', signature = ''] = (authorization ?? '')
    .slice('Bearer '.length)
    .split('.');
  if (
    !createVerify('RSA-SHA256').update(`${header}.${payload}`).verify(key, signature, 'base64url')
  )
    throw new Error('bad signature');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  if (
    claims.iss !== process.env['BENCH_ISSUER'] ||
    claims.aud !== process.env['RESOURCE_URL'] ||
    claims.exp * 1000 < Date.now()
  )
    throw new Error('bad claims');
  return claims;
};

export const toRequest = ({ body, headers }: Event): Request =>
  new Request('https://mcp.example.com/mcp', { method: 'POST', headers, body });

export const fromResponse = async (response: Response) => ({
  statusCode: response.status,
  headers: Object.fromEntries(response.headers),
  body: await response.text(),
});
