declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** https://github.com/architect/dynalite#api; without `path` everything is kept in memory. */
  const dynalite: (options?: {
    readonly createTableMs?: number;
    readonly maxItemSizeKb?: number;
  }) => Server;
  export default dynalite;
}
