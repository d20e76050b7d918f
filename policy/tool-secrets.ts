/** How the construct tells the `mcp` function which secrets its tools have. */
export const toolSecrets = {
  /** An environment variable for each, with the secret's ARN: `TOOL_SECRET_api`. Never a value. */
  variablePrefix: 'TOOL_SECRET_',
  /** Names, as tools say them: `secret('api')`. */
  name: /^[a-z][A-Za-z0-9_]{0,39}$/,
  /** Where the local runtime reads the values: lines of `api=…`, in the folder that it starts in. */
  localFile: '.env.local',
} as const;
