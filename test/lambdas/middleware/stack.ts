import type { Handler, HttpResponse } from '../../../lambdas/http/request.ts';
import type { StackOptions } from '../../../lambdas/middleware/options.ts';
import { securityStack } from '../../../lambdas/middleware/stack.ts';
import { sizes } from '../../../policy/limits.ts';
import { type Asked, gatewayEvent, lambdaContext } from '../http/gateway-event.ts';
import { capture } from '../logging/log-lines.ts';

export const now = new Date('2026-11-24T12:00:00Z');

export const settings = {
  ENVIRONMENT: 'production',
  ALLOWED_ORIGINS: ['https://claude.ai', 'https://julius.ai'],
} as const;

export const ok: Handler = (): HttpResponse => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: '{}',
});

export const jsonHeaders = { 'content-type': 'application/json' };

/**
 * A handler behind the real stack: call it with a request, get the gateway's answer and everything
 * that was logged.
 */
export const stack = (options: Partial<StackOptions> = {}, handler: Handler = ok) => {
  const call = securityStack(
    {
      service: 'test',
      errors: 'problem',
      cors: 'cross-origin',
      bodies: { types: ['application/json'], bytes: sizes.bodyBytes },
      settings,
      clock: () => now,
      ...options,
    },
    handler,
  );
  return async (asked: Asked = {}) => {
    const { result, ...written } = await capture(() => call(gatewayEvent(asked), lambdaContext()));
    const body = typeof result.body === 'string' ? result.body : '';
    const json: unknown =
      /json/.test(result.headers?.['content-type'] ?? '') && body ? JSON.parse(body) : undefined;
    return {
      ...written,
      status: result.statusCode,
      headers: result.headers ?? {},
      cookies: result,
      body,
      json,
    };
  };
};
