import type { Stack } from '../../../local/template/stack.ts';
import { type Endpoint, endpointRows } from '../../../policy/endpoints.ts';

export interface Route {
  readonly method: string;
  readonly path: string;
  /** What the policy says of the path; undefined when it does not know it. */
  readonly endpoint: Endpoint | undefined;
}

/** Every path of the policy. */
export const policyEndpoints: readonly Endpoint[] = endpointRows;

/**
 * Every method of every path, read from the template itself and not through the runtime's own
 * reader.
 */
export const routesOf = (stack: Stack): readonly Route[] => {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const parts = new Map(
    stack
      .resources('AWS::ApiGateway::Resource')
      .map(({ logicalId, properties }) => [
        stack.ref(logicalId),
        { parent: text(properties['ParentId']), part: text(properties['PathPart']) },
      ]),
  );
  const pathOf = (id: string): string => {
    const own = parts.get(id);
    return own === undefined ? '' : `${pathOf(own.parent)}/${own.part}`;
  };
  return stack.resources('AWS::ApiGateway::Method').map(({ properties }) => {
    // The root resource is none of the template's own, and has no part of a path.
    const path = pathOf(text(properties['ResourceId'])) || '/';
    return {
      method: text(properties['HttpMethod']),
      path,
      endpoint: endpointRows.find((endpoint) => endpoint.path === path),
    };
  });
};
