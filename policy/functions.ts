/** What each function runs with. Memory buys CPU on Lambda: 1,769 MB is one whole core. */
export const functionSettings = {
  authorizer: { memoryMegabytes: 512 },
  metadata: { memoryMegabytes: 256 },
  registration: { memoryMegabytes: 512 },
  authorization: { memoryMegabytes: 512 },
  token: { memoryMegabytes: 512 },
  mcp: { memoryMegabytes: 1024 },
  health: { memoryMegabytes: 256 },
  'pre-token-generation': { memoryMegabytes: 256 },
} as const;

export type FunctionName = keyof typeof functionSettings;

/** LOG-1: the share of invocations that log at DEBUG, by environment. */
export const debugSampleRate = { production: 0, development: 0 } as const;
