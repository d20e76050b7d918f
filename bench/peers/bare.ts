import { createPublicKey, createVerify } from 'node:crypto';

const key = createPublicKey(process.env['BENCH_PUBLIC_KEY'] ?? '');

/** JSON.parse, RS256, JSON.stringify: no protocol, no checks. The least that the work can cost. */
export const handler = async ({
  body,
  headers,
}: {
  body: string;
  headers: Record<string, string>;
}) => {
  const { id, params } = JSON.parse(body);
  const [header = '', payload = '', signature = ''] = (headers['authorization'] ?? '')
    .slice('Bearer '.length)
    .split('.');
  if (
    !createVerify('RSA-SHA256').update(`${header}.${payload}`).verify(key, signature, 'base64url')
  )
    throw new Error('bad signature');
  const sum = (params.arguments?.a ?? 0) + (params.arguments?.b ?? 0);
  const result = {
    content: [{ type: 'text', text: JSON.stringify({ sum }) }],
    structuredContent: { sum },
  };
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id, result }),
  };
};
