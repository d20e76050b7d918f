/**
 * How one instance of each function that a first call after a pause meets is kept from ending:
 * docs/decisions/0016. `token` is among them since a pause outlasts an access token, so that a
 * client begins with a refresh.
 */
export const keepWarm = {
  /** Below the shortest life of an idle instance that anybody has measured, which is five to seven. */
  everyMinutes: 4,
  functions: ['authorizer', 'mcp', 'token'],
  /** The one member of the event that the schedule sends. */
  member: 'keepWarm',
} as const;
