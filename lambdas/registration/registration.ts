import type { DeployedProfile } from '../configuration/json-fields.ts';
import type { Handler } from '../middleware/secured.ts';
import type { ClientRegistry } from '../oauth/client-registry.ts';
import { clientMetadata } from './client-metadata.ts';

/**
 * `/register` (OAUTH-4). One table access. The same metadata gives the same answer, byte for byte.
 */
export const registration =
  (profiles: readonly DeployedProfile[], registry: ClientRegistry): Handler =>
  async (request) => {
    const metadata = clientMetadata(request.json, profiles);
    const clientId = await registry.register(metadata, request.now);
    request.logger.info('Client registered', { clientId, profile: metadata.profile });
    return {
      statusCode: 201,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        client_id: clientId,
        client_name: metadata.name,
        redirect_uris: metadata.redirectUris,
        application_type: metadata.applicationType,
        // Whatever was asked for: there are public clients only, and PKCE is what protects their
        // codes.
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        scope: profiles.find(({ name }) => name === metadata.profile)?.scopes.join(' '),
      }),
    };
  };
