/** What a route needs of a method. */
interface Routed {
  readonly httpMethod: string;
  readonly resourcePath: string;
}

export interface Match<T> {
  readonly method: T;
  readonly pathParameters: Readonly<Record<string, string>>;
}

interface Node<T> {
  readonly literals: Map<string, Node<T>>;
  variable?: { readonly name: string; readonly node: Node<T> };
  greedy?: { readonly name: string; readonly methods: Map<string, T> };
  readonly methods: Map<string, T>;
}

const emptyNode = <T>(): Node<T> => ({ literals: new Map(), methods: new Map() });

/**
 * API Gateway's routing of a REST API: literal segments before `{variable}` before `{proxy+}`,
 * after each segment is URL-decoded, and whether or not a slash ends the path. No method for the
 * path, or no path: undefined (403 MISSING_AUTHENTICATION_TOKEN).
 */
export class Routes<T extends Routed> {
  readonly methods: readonly T[];
  readonly #root: Node<T> = emptyNode();

  constructor(methods: readonly T[]) {
    this.methods = methods;
    for (const method of methods) this.#add(method);
  }

  /**
   * @param path - without the stage, still URL-encoded, starting with a slash.
   * @throws URIError when the path is not validly encoded.
   */
  find(httpMethod: string, path: string): Match<T> | undefined {
    const segments = path.replace(/\/$/, '').split('/').slice(1).map(decodeURIComponent);
    return match(this.#root, segments, httpMethod, {});
  }

  #add(method: T): void {
    let node = this.#root;
    for (const segment of method.resourcePath.split('/').slice(1)) {
      if (segment === '') continue;
      const greedy = /^\{(.+)\+\}$/.exec(segment)?.[1];
      if (greedy !== undefined) {
        node.greedy ??= { name: greedy, methods: new Map() };
        node.greedy.methods.set(method.httpMethod, method);
        return;
      }
      node = childFor(node, segment);
    }
    node.methods.set(method.httpMethod, method);
  }
}

const childFor = <T>(node: Node<T>, segment: string): Node<T> => {
  const variable = /^\{(.+)\}$/.exec(segment)?.[1];
  if (variable !== undefined) {
    node.variable ??= { name: variable, node: emptyNode() };
    return node.variable.node;
  }
  const child = node.literals.get(segment) ?? emptyNode<T>();
  node.literals.set(segment, child);
  return child;
};

const methodOf = <T>(methods: ReadonlyMap<string, T>, httpMethod: string): T | undefined =>
  methods.get(httpMethod) ?? methods.get('ANY');

const match = <T>(
  node: Node<T>,
  segments: readonly string[],
  httpMethod: string,
  pathParameters: Record<string, string>,
): Match<T> | undefined => {
  const [segment, ...rest] = segments;
  if (segment === undefined) {
    const method = methodOf(node.methods, httpMethod);
    return method && { method, pathParameters };
  }
  const literal = node.literals.get(segment);
  if (literal) return match(literal, rest, httpMethod, pathParameters);
  if (node.variable && segment !== '')
    return match(node.variable.node, rest, httpMethod, {
      ...pathParameters,
      [node.variable.name]: segment,
    });
  const method = node.greedy && methodOf(node.greedy.methods, httpMethod);
  return (
    node.greedy &&
    method && {
      method,
      pathParameters: { ...pathParameters, [node.greedy.name]: segments.join('/') },
    }
  );
};
