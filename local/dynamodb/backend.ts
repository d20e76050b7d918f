import * as http from 'node:http';
import dynalite from 'dynalite';
import conditionParser from 'dynalite/db/conditionParser.js';
import { remembering } from './parsed-conditions.ts';

conditionParser.parse = remembering(conditionParser.parse);

/** One answer of dynalite. */
export interface BackendResponse {
  readonly status: number;
  readonly body: string;
}

export interface Backend {
  call(operation: string, body: string): Promise<BackendResponse>;
  stop(): Promise<void>;
}

/** dynalite wants a signature of the right shape and reads nothing of it. */
const authorization =
  'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=0';

const addressOf = (server: http.Server): number => {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('dynalite does not listen.');
  return address.port;
};

/** dynalite, in memory, behind the emulation: a port of 127.0.0.1 that nobody is told. */
export const startBackend = async (): Promise<Backend> => {
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0 }, resolve);
  });
  const port = addressOf(server);
  const agent = new http.Agent({ keepAlive: true });
  return {
    call: (operation, body) =>
      new Promise((resolve, reject) => {
        const request = http.request(
          {
            agent,
            host: '127.0.0.1',
            port,
            method: 'POST',
            path: '/',
            headers: {
              'content-type': 'application/x-amz-json-1.0',
              'x-amz-target': `DynamoDB_20120810.${operation}`,
              'x-amz-date': '20260101T000000Z',
              authorization,
              'content-length': Buffer.byteLength(body),
            },
          },
          (response) => {
            const chunks: Buffer[] = [];
            response.on('data', (chunk: Buffer) => chunks.push(chunk));
            response.on('end', () =>
              resolve({
                status: response.statusCode ?? 500,
                body: Buffer.concat(chunks).toString('utf8'),
              }),
            );
            response.on('error', reject);
          },
        );
        request.on('error', reject);
        request.end(body);
      }),
    stop: () =>
      new Promise((resolve) => {
        agent.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
