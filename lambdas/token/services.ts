import type { Machine } from '../../policy/machines.ts';
import type { Authenticate } from '../access-token/verifier.ts';
import type { Table } from '../aws/table.ts';
import type { HttpResponse, SecuredRequest } from '../middleware/secured.ts';
import type { ClientRegistry } from '../oauth/client-registry.ts';
import type { AppClient } from '../oauth/cognito.ts';
import type { Parameters } from '../oauth/parameters.ts';
import type { OAuthSettings } from '../oauth/settings.ts';

export interface TokenServices {
  readonly settings: Pick<
    OAuthSettings,
    'ISSUER_URL' | 'RESOURCE_URL' | 'COGNITO_DOMAIN' | 'CLIENT_PROFILES'
  >;
  readonly table: Table;
  readonly registry: ClientRegistry;
  /** Verifies an access token that is to be revoked. */
  readonly authenticate: Authenticate;
  /** By the ids of their app clients. */
  readonly machines: ReadonlyMap<string, Machine>;
  /** By profile. */
  readonly appClients: ReadonlyMap<string, AppClient>;
}

/** One kind of request to `/token` or `/revoke`; `form` has each parameter once. */
export type GrantHandler = (
  request: SecuredRequest,
  form: Parameters,
  services: TokenServices,
) => Promise<HttpResponse>;
