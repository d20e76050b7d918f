import { lifetimes } from '../../policy/lifetimes.ts';
import { ConditionFailed, TableError, TableRefused } from '../aws/table-error.ts';
import { HttpError, OutOfTime, TemporarilyUnavailable, Unexpected } from './errors.ts';

/** The HTTP error that anything thrown amounts to. */
export const toHttpError = (error: unknown): HttpError => {
  if (error instanceof HttpError) return error;
  // A condition that nobody caught or a request that DynamoDB rejects is a fault of ours; the other
  // table errors pass by themselves.
  if (
    error instanceof TableError &&
    !(error instanceof ConditionFailed) &&
    !(error instanceof TableRefused)
  ) {
    return new TemporarilyUnavailable({
      cause: error,
      retryAfterSeconds: lifetimes.retryAfterSeconds,
    });
  }
  // Middy's early timeout, shortly before Lambda would cut the function off without an answer.
  if (error instanceof Error && error.name === 'TimeoutError')
    return new OutOfTime({ cause: error });
  return new Unexpected({ cause: error });
};
