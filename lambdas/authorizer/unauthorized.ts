/**
 * API Gateway makes a 401 of exactly this message, and takes it only as a thrown error ("Output
 * from an API Gateway Lambda authorizer"). It is no failure: its event has a log line already.
 */
export class Unauthorized extends Error {
  override readonly name = 'Unauthorized';

  constructor() {
    super('Unauthorized');
  }
}

type Write = (...values: readonly unknown[]) => void;

/**
 * Lambda's Node runtime hands every error that a handler throws to `console.error`, which makes an
 * ERROR line with a stack of it. A client begins with a 401, so those lines would bury the real
 * failures: this writes everything but an `Unauthorized`.
 */
export const withoutUnauthorized =
  (write: Write): Write =>
  (...values) => {
    if (!values.some((value) => value instanceof Unauthorized)) write(...values);
  };
