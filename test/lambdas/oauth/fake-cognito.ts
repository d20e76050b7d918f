import { randomBytes } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Respond = (response: ServerResponse, form: URLSearchParams) => void;

export interface FakeCognito {
  readonly url: string;
  /** What was requested: path, authorization header, form. */
  readonly requests: {
    readonly path: string;
    readonly authorization: string;
    readonly form: URLSearchParams;
  }[];
  /** The next replies, in order; when there are none, tokens. */
  readonly replies: Respond[];
  readonly stop: () => Promise<void>;
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

export const json =
  (status: number, body: object): Respond =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

export const accessToken = (claims: object = {}): string =>
  `${part({ alg: 'RS256' })}.${part({ sub: 'subject-1', scope: 'gatehouse/tools.read', origin_jti: 'session-1', ...claims })}.signature`;

export const tokens = (more: object = {}): Respond =>
  json(200, {
    access_token: accessToken(),
    id_token: 'an-id-token',
    refresh_token: `cognito-refresh-${randomBytes(8).toString('hex')}`,
    token_type: 'Bearer',
    expires_in: 900,
    ...more,
  });

/**
 * Cognito's token and revocation endpoints over loopback http, answering what a test tells them to.
 */
export const fakeCognito = async (): Promise<FakeCognito> => {
  const requests: FakeCognito['requests'] = [];
  const replies: Respond[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
      requests.push({
        path: request.url ?? '',
        authorization: request.headers.authorization ?? '',
        form,
      });
      const respond =
        replies.shift() ??
        (request.url === '/oauth2/revoke'
          ? (response: ServerResponse) => response.writeHead(200).end()
          : tokens());
      respond(response, form);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    replies,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
