import { types } from 'node:util';

/** Something that the person at the keyboard can mend: shown as one plain line, without a stack. */
export class StartupFailure extends Error {
  override readonly name = 'StartupFailure';
}

/** What to show of anything thrown, on one line or (for a list of template problems) on one line each. */
export const describeFailure = (error: unknown): string => {
  if (error instanceof StartupFailure) return error.message;
  const code = errorCode(error);
  if (code === 'ENOSPC') return 'No space left on the disk: free some, or remove .local/ and cdk.out/, and start again.';
  if (code === 'EACCES') return `No permission: ${messageOf(error)}`;
  return messageOf(error);
};

/** The `code` of a Node system error, if it has one. */
export const errorCode = (error: unknown): string | undefined =>
  types.isNativeError(error) && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** The message of anything thrown. */
export const messageOf = (error: unknown): string => (types.isNativeError(error) ? error.message : String(error));
