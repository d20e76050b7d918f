/**
 * A request for the user's input, answered instead of a result (2026-07-28, "Multi Round-Trip Requests"). The client gathers
 * it and sends the same call again; `inputResponses` and `requestState` then stand in the call's context.
 *
 * `requestState` travels through the client: sign it where a forged value would matter. Callers of the 2025 revisions get an
 * error instead, since they would need a session to be asked over.
 */
export class InputRequired {
  readonly inputRequests: Readonly<Record<string, InputRequest>>;
  readonly requestState: string | undefined;

  constructor(inputRequests: Readonly<Record<string, InputRequest>>, requestState?: string) {
    this.inputRequests = inputRequests;
    this.requestState = requestState;
  }
}

/** What may be asked of a client, with the capability that it must have declared. */
export const inputCapabilities = {
  'elicitation/create': 'elicitation',
  'sampling/createMessage': 'sampling',
  'roots/list': 'roots',
} as const;

export interface InputRequest {
  readonly method: keyof typeof inputCapabilities;
  readonly params?: Readonly<Record<string, unknown>>;
}
