import { Unexpected } from '../errors/errors.ts';
import type { SecuredOptions } from './options.ts';
import type { Handler } from './request.ts';

export type { Answer, Handler, SecuredRequest } from './request.ts';

// Being built: types stand, the stack follows in the next commits.
export const secured = (_options: SecuredOptions, _handler: Handler): ((event: unknown, context: unknown) => Promise<unknown>) => {
  throw new Unexpected({ detail: 'the stack is not composed yet' });
};
