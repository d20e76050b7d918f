import type { Operation, WriteOperation } from '../../bin/target/operator-trail.ts';

/** A trail that keeps what commands tell it. */
export const keptOperations = (): {
  readonly told: Operation[];
  readonly write: WriteOperation;
} => {
  const told: Operation[] = [];
  return {
    told,
    write: async (entry) => {
      told.push(entry);
    },
  };
};
