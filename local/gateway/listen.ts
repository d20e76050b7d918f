import { errorCode, StartupFailure } from '../failure.ts';
import type { HttpResponse } from './http-response.ts';
import type { GatewayRequest } from './request.ts';
import { type GatewayServer, startServer } from './server.ts';

/** Takes every request that comes in. */
export type RequestHandler = (request: GatewayRequest) => Promise<HttpResponse>;

/**
 * Listens before there is anybody to take a request: those that come early wait.
 * @throws StartupFailure that says what to do about the port
 */
export const listen = async (
  port: number,
  now: () => number,
  handler: Promise<RequestHandler>,
): Promise<GatewayServer> => {
  try {
    return await startServer({ port, now, answer: async (request) => (await handler)(request) });
  } catch (error) {
    if (errorCode(error) === 'EADDRINUSE')
      throw new StartupFailure(
        `Port ${port} is taken: stop what uses it, or choose another with PORT=… or --port.`,
      );
    if (errorCode(error) === 'EACCES')
      throw new StartupFailure(
        `Port ${port} needs rights that this account has not: choose one above 1023.`,
      );
    throw error;
  }
};
