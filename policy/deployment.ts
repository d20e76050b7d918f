/** How clients reach a deployment; see docs/url-modes.md. */
export const urlModes = ['domain', 'stage', 'cloudfront'] as const;

export type UrlMode = (typeof urlModes)[number];

/** What decides between the strict posture and what helps while developing. */
export const environments = ['production', 'development'] as const;

export type Environment = (typeof environments)[number];

/** Begins the names of metrics, of which AWS WAF's take 128 characters. */
export const deploymentNameCharacters = 100;

/** The name under which API Gateway invokes the version of a function that is in service. */
export const liveAlias = 'live';

/** Begins the key of a template's metadata under which a Gatehouse's policy stands; its path follows. */
export const policyMetadata = 'Gatehouse:';

/** Begins the key of one figure of it, for who reads a diff: path and figure follow. */
export const figureMetadata = 'Gatehouse ';

/** What a deployment may change that cuts off people or clients, and what that means for them. */
export const breakingChanges = {
  url: 'clients find nothing at the URL that they have, and are connected anew',
  issuer: 'clients refuse the new issuer, and register and log in anew',
  userPool: 'it is another user pool: its people, passwords and second factors are others',
  userAttributes: 'Cognito changes and removes no attribute of a user pool: the deployment fails',
  loginDomain:
    "the login pages move, and with them the redirect URI that a company's provider knows",
  resourceServer: 'the scopes get other names, and every token loses its own',
  scopes: 'tokens and tools that have the scope are refused',
  clients:
    'people who use the profile are logged out, or can no longer connect; a machine gets no token',
  providers: 'people who come from there can no longer log in',
  table: 'registrations, logins and blocks stay behind in the old table',
} as const;

export type BreakingChange = keyof typeof breakingChanges;

/** Where the promises of each stage are kept, beside cdk.json, to be committed. */
export const snapshotFileName = 'gatehouse.snapshot.json';

/** What each of their names begins with: a file of another ending would be read by nobody. */
export const configFileStem = 'gatehouse.config.';

/** Where an operator's configuration stands, beside cdk.json: one of these. */
export const configFileNames = [
  'gatehouse.config.ts',
  'gatehouse.config.mts',
  'gatehouse.config.js',
] as const;
