/**
 * A request for the user's input, returned instead of a result by a tool, a prompt or a resource
 * (2026-07-28, "Multi Round-Trip Requests"). The client gathers it and sends the same call again;
 * `inputResponses` and `requestState` then stand in the call's context. What comes back may be
 * incomplete: ask again for what is missing.
 *
 * `requestState` travels through the client: sign it where a forged value would matter, and put the
 * caller, an expiry and what the call was about into it, so that it serves nobody else and nothing
 * else. Without requests it means: come again later. Callers of the 2025 revisions get an error
 * instead, since they would need a session to be asked over.
 */
export class InputRequired {
  readonly inputRequests: Readonly<Record<string, InputRequest>> | undefined;
  readonly requestState: string | undefined;

  constructor(inputRequests: Readonly<Record<string, InputRequest>>, requestState?: string) {
    const asks = Object.keys(inputRequests).length > 0;
    if (!asks && requestState === undefined)
      throw new Error('InputRequired needs a request for input, or a requestState');
    for (const { method } of Object.values(inputRequests))
      if (!Object.hasOwn(inputCapabilities, method))
        throw new Error(`InputRequired cannot ask for "${method}"`);
    this.inputRequests = asks ? inputRequests : undefined;
    this.requestState = requestState;
  }
}

/** What may be asked of a client, with the capability that it must have declared. */
const inputCapabilities = {
  'elicitation/create': 'elicitation',
  'sampling/createMessage': 'sampling',
  'roots/list': 'roots',
} as const;

export interface InputRequest {
  readonly method: keyof typeof inputCapabilities;
  readonly params?: Readonly<Record<string, unknown>>;
}

type Settings = Readonly<Record<string, unknown>>;

/** What a client says it can do; what is not named here is an extension's. */
export interface ClientCapabilities extends Settings {
  readonly elicitation?: Settings | undefined;
  readonly sampling?: Settings | undefined;
  readonly roots?: Settings | undefined;
}

/**
 * "Servers MUST NOT send an inputRequests that the client has not declared support for": what it
 * would have to declare, if anything.
 */
export const missingCapabilities = (
  requests: InputRequired['inputRequests'],
  declared: ClientCapabilities,
): Settings | undefined => {
  const missing = Object.values(requests ?? {}).flatMap((request) => {
    const name = inputCapabilities[request.method];
    const part = partOf(request);
    return has(declared[name], part)
      ? []
      : [[name, part === undefined ? {} : { [part]: {} }] as const];
  });
  return missing.length === 0 ? undefined : Object.fromEntries(missing);
};

const partOf = ({ method, params = {} }: InputRequest): string | undefined => {
  if (method === 'elicitation/create') return params['mode'] === 'url' ? 'url' : 'form';
  const usesTools =
    method === 'sampling/createMessage' && (params['tools'] ?? params['toolChoice']) !== undefined;
  return usesTools ? 'tools' : undefined;
};

// "Elicitation", "Capabilities": forms go without saying, unless the client says that it takes
// something else.
const has = (capability: Settings | undefined, part: string | undefined): boolean =>
  capability !== undefined &&
  (part === undefined ||
    Object.hasOwn(capability, part) ||
    (part === 'form' && !Object.hasOwn(capability, 'url')));
