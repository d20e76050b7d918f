import { endpoints } from '../../policy/endpoints.ts';
import { MethodNotAllowed, NotFound, TemporarilyUnavailable } from '../errors/errors.ts';
import type { Handler, HttpResponse, SecuredRequest } from '../middleware/secured.ts';

/** One thing that the deployment stands on; `check` rejects when it does not hold. */
export interface Check {
  readonly name: string;
  readonly check: () => Promise<void>;
}

/**
 * `/health` says that the function runs and nothing more: load balancers need no more, and
 * strangers get no more. `/self-test` (a route of development environments only) runs the checks.
 */
export const health =
  (environment: 'production' | 'development', checks: readonly Check[]): Handler =>
  (request) => {
    if (request.path === endpoints['self-test'].path && environment === 'production')
      throw new NotFound();
    if (request.method !== 'GET' && request.method !== 'HEAD')
      throw new MethodNotAllowed({ headers: { allow: 'GET, HEAD, OPTIONS' } });
    if (request.path === endpoints.health.path) return json(200, { status: 'ok' });
    if (request.path === endpoints['self-test'].path) return selfTest(checks, request);
    throw new NotFound();
  };

const selfTest = async (
  checks: readonly Check[],
  { logger }: SecuredRequest,
): Promise<HttpResponse> => {
  const results = await Promise.all(
    checks.map(async ({ name, check }) => {
      try {
        await check();
        return { name, ok: true };
      } catch (cause) {
        // Why goes to the log alone (ERR-1).
        logger.error('A self-test failed', { detail: name, cause });
        return { name, ok: false };
      }
    }),
  );
  if (!results.every(({ ok }) => ok))
    throw new TemporarilyUnavailable({ message: 'A self-test failed.', data: { checks: results } });
  return json(200, { status: 'ok', checks: results });
};

const json = (statusCode: number, value: object): HttpResponse => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});
