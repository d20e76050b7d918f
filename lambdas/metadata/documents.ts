import { endpoints, wellKnown } from '../../policy/endpoints.ts';
import { productName } from '../../policy/pages.ts';
import { issuerOfPool, jwksUrlOf } from '../configuration/cognito-url.ts';
import { deployedScopes } from '../configuration/scopes.ts';
import type { PublicIdentity } from '../mcp/manifest/public-identity.ts';
import { serverCardDocument } from './server-card.ts';
import type { MetadataSettings } from './settings.ts';

/**
 * The scopes that some deployed profile may be granted, in the policy's order. No `offline_access`:
 * Cognito answers `invalid_scope`.
 */
const scopesOf = ({ CLIENT_PROFILES }: MetadataSettings): string[] =>
  Object.keys(deployedScopes).filter((scope) =>
    CLIENT_PROFILES.some((profile) => profile.scopes.includes(scope)),
  );

/** RFC 9728 section 2. `resource` is the URL as people type it, byte for byte. */
const protectedResource = (settings: MetadataSettings) => ({
  resource: settings.RESOURCE_URL,
  authorization_servers: [settings.ISSUER_URL],
  scopes_supported: scopesOf(settings),
  bearer_methods_supported: ['header'],
  resource_name: settings.BRAND?.name ?? productName,
});

/**
 * RFC 8414 section 2, with RFC 9207, RFC 9728 section 4 and client metadata documents. The issuer
 * is ours: Cognito's stands in the tokens and only our verifier looks at it. Nothing is listed that
 * is not done here.
 */
const authorizationServer = (settings: MetadataSettings) => {
  const { ISSUER_URL: issuer, MACHINES: machines = [] } = settings;
  // The extension io.modelcontextprotocol/oauth-client-credentials asks for these.
  const hasMachines = machines.length > 0;
  return {
    issuer,
    authorization_endpoint: `${issuer}${endpoints.authorize.path}`,
    token_endpoint: `${issuer}${endpoints.token.path}`,
    registration_endpoint: `${issuer}${endpoints.register.path}`,
    revocation_endpoint: `${issuer}${endpoints.revoke.path}`,
    jwks_uri: jwksUrlOf(issuerOfPool(settings.COGNITO_REGION, settings.COGNITO_USER_POOL_ID)).href,
    scopes_supported: scopesOf(settings),
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: [
      'authorization_code',
      'refresh_token',
      ...(hasMachines ? ['client_credentials'] : []),
    ],
    token_endpoint_auth_methods_supported: [
      'none',
      ...(hasMachines ? ['client_secret_basic', 'client_secret_post'] : []),
    ],
    revocation_endpoint_auth_methods_supported: ['none'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    // Only where documents of every host are taken: a client that sees it does not try to register.
    client_id_metadata_document_supported: settings.CLIENT_PROFILES.some(
      (profile) => profile.anyDocumentHost,
    ),
    protected_resources: [settings.RESOURCE_URL],
  };
};

/**
 * OIDC Discovery section 3: what clients need that look here only. The required members are there
 * although no ID token leaves us.
 */
const openidConfiguration = (settings: MetadataSettings) => ({
  ...authorizationServer(settings),
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
});

/** The server card and OAUTH-1's documents, by their paths. */
export const documents = (
  settings: MetadataSettings,
  identity: PublicIdentity,
): ReadonlyMap<string, object> => {
  const resource = protectedResource(settings);
  return new Map<string, object>([
    [wellKnown.protectedResource, resource],
    [endpoints['protected-resource-path-inserted'].path, resource],
    [endpoints['protected-resource-path-appended'].path, resource],
    [wellKnown.authorizationServer, authorizationServer(settings)],
    [wellKnown.openidConfiguration, openidConfiguration(settings)],
    [endpoints['server-card'].path, serverCardDocument(settings, identity)],
  ]);
};
