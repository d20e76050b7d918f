import { cognitoRequestQuotas } from '../../policy/local-runtime.ts';
import { TokenBucket } from '../gateway/token-bucket.ts';

export interface OperationQuotas {
  /** Counts a call, and says whether it is one too many. */
  isOver(operation: string): boolean;
}

/** Each operation has a bucket of its own, of as many calls as it may have in a second. */
export const makeOperationQuotas = (clock: () => number): OperationQuotas => {
  const buckets = new Map(
    Object.entries(cognitoRequestQuotas).map(([operation, perSecond]) => [
      operation,
      new TokenBucket({ ratePerSecond: perSecond, burst: perSecond }),
    ]),
  );
  return { isOver: (operation) => buckets.get(operation)?.take(clock()) === false };
};
