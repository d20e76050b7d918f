import { lifetimes } from '../../policy/lifetimes.ts';
import { accessTokenVerifier } from '../access-token/verifier.ts';
import { clientSecret } from '../aws/cognito-client-secrets.ts';
import { rotatingSecret, SecretUnknown } from '../aws/rotating-secret.ts';
import { table } from '../aws/table.ts';
import { fields, machineFields } from '../configuration/fields.ts';
import { machinesOf } from '../configuration/machines.ts';
import { readConfiguration } from '../configuration/read.ts';
import { TemporarilyUnavailable } from '../errors/errors.ts';
import { keptWarm } from '../http/keep-warm.ts';
import { secured } from '../middleware/secured.ts';
import type { AppClient } from '../oauth/cognito.ts';
import { oauthSettings } from '../oauth/settings.ts';
import { tableRegistry } from '../oauth/table-registry.ts';
import { token } from './token.ts';

const variables = {
  ...oauthSettings,
  COGNITO_USER_POOL_ID: fields.COGNITO_USER_POOL_ID,
  COGNITO_REGION: fields.COGNITO_REGION,
  ...machineFields,
};
const settings = readConfiguration(variables, process.env);
const store = table({ name: settings.TABLE_NAME, region: settings.AWS_REGION });
const pool = { region: settings.COGNITO_REGION, userPoolId: settings.COGNITO_USER_POOL_ID };

const unavailable = (error: unknown): never => {
  if (!(error instanceof SecretUnknown)) throw error;
  const { cause } = error;
  const retryAfterSeconds = Math.max(error.retryAfterSeconds, lifetimes.retryAfterSeconds);
  const detail = 'the app client secret cannot be read';
  // Said as it is: a client that tries again sooner would only hear the same.
  throw new TemporarilyUnavailable({ detail, cause, retryAfterSeconds });
};

const appClientOf = ([profile, id]: readonly [profile: string, id: string]) => {
  const secrets = rotatingSecret(() => clientSecret(pool, id));
  const appClient: AppClient = {
    profile,
    id,
    secrets: (again) => secrets(again).catch(unavailable),
  };
  return [profile, appClient] as const;
};

// Each secret is read with the first request that needs it: Cognito takes 5 reads a second a pool,
// and a few cold starts that read all of them would spend these.
const appClients = new Map(Object.entries(settings.COGNITO_CLIENT_ID).map(appClientOf));

export const handler = keptWarm(
  secured(
    {
      endpoint: 'token',
      settings,
    },
    token({
      settings,
      table: store,
      authenticate: accessTokenVerifier(settings),
      registry: tableRegistry(store, settings.CLIENT_PROFILES),
      appClients,
      machines: machinesOf(settings),
    }),
  ),
);
