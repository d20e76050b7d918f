import type { Response, Send } from './send.ts';

/** What the checks from outside know of the deployment that they look at. */
export interface Target {
  /** What clients connect to: the stack's output `McpUrl`. */
  readonly mcpUrl: string;
  /** The same without `/mcp`, and without a slash at its end. */
  readonly issuer: string;
  readonly send: Send;
  /** For floods: does not wait where a rate limit says so. @default send */
  readonly sendAtOnce?: Send;
  /** An access token of a person, for the checks that need one. */
  readonly token?: string;
}

/** Findings of a check: what is wrong, one sentence each. None means that it passed. */
export type Faults = readonly string[];

/** The same, with what is worth knowing although nothing is wrong. */
export interface Findings {
  readonly faults: Faults;
  readonly notes: readonly string[];
}

/** What a check looks at: the deployment from outside, or an account. */
export interface Check<T = Target> {
  /** Short and stable: programs filter by it. */
  readonly id: string;
  /** What holds when it passes. */
  readonly title: string;
  /** Control ids of docs/controls.md. */
  readonly controls: readonly string[];
  /** Where to look, or what to do, when it fails. */
  readonly fix: string;
  /** Only with this option. `burst` spends the caller's own rate limit for a minute. */
  readonly needs?: 'token' | 'burst' | 'token and burst' | 'credentials';
  run(target: T): Promise<Faults | Findings>;
}

/** A fault when a condition does not hold. */
export const expectThat = (holds: boolean, fault: string): Faults => (holds ? [] : [fault]);

/** The same of a response's status. */
export const expectStatus = (what: string, response: Response, ...wanted: number[]): Faults =>
  expectThat(
    wanted.includes(response.status),
    `${what} is answered ${response.status}, not ${wanted.join(' or ')}.`,
  );
