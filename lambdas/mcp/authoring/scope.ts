import type { scopes } from '../../../policy/scopes.ts';

declare global {
  /**
   * Scopes of one's own, as the stack has them (`scopes` of the properties). An app names them once,
   * and tools may ask for them:
   *
   * @example
   * declare global {
   *   interface GatehouseScopes {
   *     'gatehouse/orders.write': true;
   *   }
   * }
   */
  interface GatehouseScopes {
    'gatehouse/tools.read': true;
    'gatehouse/tools.call': true;
  }
}

/** What a definition may ask for, beside the base scope. */
export type Scope = keyof typeof scopes | keyof GatehouseScopes;
