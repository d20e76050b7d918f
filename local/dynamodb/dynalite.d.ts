declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** https://github.com/architect/dynalite#api; without `path` everything is kept in memory. */
  const dynalite: (options?: {
    readonly createTableMs?: number;
    readonly maxItemSizeKb?: number;
  }) => Server;
  export default dynalite;
}

declare module 'dynalite/db/conditionParser.js' {
  /** Generated from dynalite's grammar; it asks this object for `parse` at each condition. */
  export interface ConditionParser {
    /** The tree of the condition, or what is wrong with it. */
    parse(
      expression: string,
      options: {
        readonly context: {
          readonly attrNames?: Readonly<Record<string, string>>;
          /** By `:name`, an attribute value such as `{ S: 'a' }`. */
          readonly attrVals?: Readonly<Record<string, object>>;
          /** The names that the condition uses are taken out. */
          readonly unusedAttrNames?: Record<string, unknown>;
          readonly unusedAttrVals?: Record<string, unknown>;
        };
      },
    ): string | { readonly expression: unknown };
  }
  const parser: ConditionParser;
  export default parser;
}
