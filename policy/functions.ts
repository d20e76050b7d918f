/** What each function runs with. Memory buys CPU on Lambda: 1,769 MB is one whole core. */
export const functionSettings = {
  authorizer: { memoryMegabytes: 512 },
  metadata: { memoryMegabytes: 256 },
  registration: { memoryMegabytes: 512 },
  authorization: { memoryMegabytes: 512 },
  token: { memoryMegabytes: 512 },
  mcp: { memoryMegabytes: 1024 },
  health: { memoryMegabytes: 256 },
  'pre-sign-up': { memoryMegabytes: 256 },
  'pre-token-generation': { memoryMegabytes: 256 },
  'audit-trail': { memoryMegabytes: 256 },
} as const;

export type FunctionName = keyof typeof functionSettings;

/** Functions that Cognito and CloudWatch Logs call, and no request. */
const withoutRequests = ['pre-sign-up', 'pre-token-generation', 'audit-trail'] as const;

/** Functions that answer HTTP requests, and the authorizer that API Gateway asks before. */
export type HttpFunctionName = Exclude<FunctionName, (typeof withoutRequests)[number]>;

const isFunctionName = (name: string): name is FunctionName => name in functionSettings;

/** Every function, in the order of the table. */
export const functionNames: readonly FunctionName[] =
  Object.keys(functionSettings).filter(isFunctionName);

export const isHttpFunction = (name: FunctionName): name is HttpFunctionName =>
  !withoutRequests.some((each) => each === name);

/** LOG-1: the share of invocations that log at DEBUG, by environment. */
export const debugSampleRate = { production: 0, development: 0 } as const;
