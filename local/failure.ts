/** Something that the person at the keyboard can mend: shown as one plain line, without a stack. */
export class StartupFailure extends Error {
  override readonly name = 'StartupFailure';
}

export const noSpace =
  'No space left on the disk: free some, or remove .local/ and cdk.out/, and start again.';

/**
 * What to show of anything thrown, on one line or (for a list of template problems) on one line
 * each.
 */
export const describeFailure = (error: unknown): string => {
  if (error instanceof StartupFailure) return error.message;
  const code = errorCode(error);
  if (code === 'ENOSPC') return noSpace;
  if (code === 'EACCES') return `No permission: ${messageOf(error)}`;
  return messageOf(error);
};

/** The `code` of a Node system error, if it has one. */
export const errorCode = (error: unknown): string | undefined => textProperty(error, 'code');

/**
 * The message of anything thrown. An error that crossed a thread is no instance of `Error` any
 * more, so its shape counts.
 */
export const messageOf = (error: unknown): string =>
  textProperty(error, 'message') ?? String(error);

const textProperty = (value: unknown, name: string): string | undefined => {
  const property: unknown =
    typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof property === 'string' ? property : undefined;
};
