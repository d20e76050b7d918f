import type { Item } from './attribute-value.ts';

// Apart from the table itself: the security stack knows these errors in functions that have no
// table, and need no https.

export class TableError extends Error {
  override readonly name: string = 'TableError';
}
/**
 * The condition did not hold; `item` is the item that stood against it (undefined: there is none).
 */
export class ConditionFailed extends TableError {
  readonly item: Item | undefined;
  constructor(item: Item | undefined) {
    super('The condition of a write did not hold.');
    this.item = item;
  }
}
/** DynamoDB answered that it is being asked too much. */
export class TableThrottled extends TableError {}
/** No answer: `wasSent` false means that the call certainly had no effect. */
export class TableUnreachable extends TableError {
  readonly wasSent: boolean;
  constructor(wasSent: boolean, cause: unknown) {
    super('The table did not answer.', { cause });
    this.wasSent = wasSent;
  }
}
/** DynamoDB answered with any other error: a missing table or permission, a wrong expression. */
export class TableRefused extends TableError {}
