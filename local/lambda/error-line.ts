import type { FunctionError } from './messages.ts';

/** The line that Lambda writes about a failure, in its JSON log format. */
export const errorLine = (
  { errorType, errorMessage, trace }: FunctionError,
  service: string,
  requestId: string,
): string =>
  JSON.stringify({
    timestamp: new Date().toISOString(),
    level: 'ERROR',
    service,
    requestId,
    message: { errorType, errorMessage, stackTrace: trace },
  });

export const describeThrown = (error: unknown): FunctionError =>
  error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') ?? [] }
    : { errorType: typeof error, errorMessage: String(error), trace: [] };
