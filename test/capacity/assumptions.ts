/**
 * What people do, as docs/capacity.md says it. None of these is measured: whoever knows better
 * changes a figure here and writes the page anew (`npm run capacity`).
 */
export const people = {
  /** Of all users, at work at the same time in the busiest hour. */
  activeShare: 0.4,
  callsPerActiveMinute: 1,
  callsPerWorkday: 60,
  workdaysPerMonth: 21,
  /** Of all users, logging in anew on a workday: refresh tokens last for weeks. */
  loginsPerWorkday: 1 / 20,
  /** On the first day everybody logs in, within this time. */
  firstDaySeconds: 3600,
  /** Requests of one login at the API, and sign-ins at Cognito. */
  requestsPerLogin: 15,
  /** Of the calls, those of a tool that works for long. */
  longCallShare: 0.02,
  longCallSeconds: 20,
} as const;

/** Billed and waited time of a function, in seconds. */
export const functionSeconds = { authorizer: 0.005, mcp: 0.025, token: 0.15, cold: 0.5 } as const;

/** A session that begins: discovery, `initialize` and what follows it, the lists, a first call. */
export const sessionStart = { metadataRequests: 2, mcpRequests: 6, seconds: 4 } as const;

/** Nine o'clock: everybody begins within this time, in offices behind one address each. */
export const morning = { seconds: 600, usersPerOffice: 200 } as const;

/** A hosted client's servers. */
export const hosted = { addresses: 20, seconds: 300 } as const;

/** After an outage every session refreshes as soon as it can. */
export const wave = { seconds: 30 } as const;

/** What a client does that is refused: it waits (`Retry-After` or more) and tries again. */
export const retry = { times: 3, seconds: { address: 60, gateway: 2, lambda: 2 } } as const;
