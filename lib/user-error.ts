/**
 * Something that the operator can put right. Its message says what and how, so it is shown without
 * a stack.
 */
export class UserError extends Error {
  override readonly name: string = 'UserError';
}
