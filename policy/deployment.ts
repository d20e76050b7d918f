/** How clients reach a deployment; see docs/url-modes.md. */
export const urlModes = ['domain', 'stage', 'cloudfront'] as const;

export type UrlMode = (typeof urlModes)[number];

/** What decides between the strict posture and what helps while developing. */
export const environments = ['production', 'development'] as const;

export type Environment = (typeof environments)[number];

/** The name under which API Gateway invokes the version of a function that is in service. */
export const liveAlias = 'live';

/** Begins the key of a template's metadata under which a Gatehouse's policy stands; its path follows. */
export const policyMetadata = 'Gatehouse:';

/** Where an operator's configuration stands, beside cdk.json, in the order of looking. */
export const configFileNames = [
  'gatehouse.config.ts',
  'gatehouse.config.mts',
  'gatehouse.config.js',
] as const;
