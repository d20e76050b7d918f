import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signedRequest } from '../../../lambdas/aws/signed-request.ts';

/** One AWS JSON service on loopback that keeps what it was sent. */
describe('a signed request', () => {
  const received: { headers: IncomingHttpHeaders; body: string }[] = [];
  let server: Server;
  const before = { ...process.env };

  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => {
        received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
        response.end('{"Item":{}}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    process.env['AWS_ENDPOINT_URL_DYNAMODB'] =
      `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    process.env['AWS_ACCESS_KEY_ID'] = 'AKIDEXAMPLE';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'made up for this test';
    process.env['AWS_SESSION_TOKEN'] = 'a session';
  });

  afterAll(async () => {
    process.env = before;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const call = {
    service: 'dynamodb',
    region: 'eu-central-1',
    target: 'DynamoDB_20120810.GetItem',
    contentType: 'application/x-amz-json-1.0',
    body: '{"TableName":"gatehouse"}',
    timeoutMs: 5000,
    maximumBytes: 1024,
  } as const;

  it('names its credential and scope, and covers host, date, session, target and content type', async () => {
    expect(await signedRequest(call)).toMatchObject({ status: 200 });
    const { headers, body } = received.at(-1) ?? { headers: {}, body: '' };
    expect(body).toBe(call.body);
    expect(headers).toMatchObject({
      'x-amz-target': call.target,
      'content-type': call.contentType,
      'x-amz-security-token': 'a session',
    });
    const [, date, names = ''] =
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/(\d{8})\/eu-central-1\/dynamodb\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=[0-9a-f]{64}$/.exec(
        headers.authorization ?? '',
      ) ?? [];
    expect(headers['x-amz-date']).toMatch(new RegExp(`^${date}T\\d{6}Z$`));
    expect(names.split(';')).toEqual(
      expect.arrayContaining([
        'content-type',
        'host',
        'x-amz-date',
        'x-amz-security-token',
        'x-amz-target',
      ]),
    );
  });

  it('signs with the credentials of the moment, since Lambda renews them', async () => {
    process.env['AWS_ACCESS_KEY_ID'] = 'AKIDRENEWED';
    await signedRequest(call);
    expect(received.at(-1)?.headers.authorization).toContain('Credential=AKIDRENEWED/');
  });

  it('refuses an answer that is too long', async () => {
    await expect(signedRequest({ ...call, maximumBytes: 4 })).rejects.toMatchObject({
      name: 'OutboundRequestFailed',
    });
  });
});
