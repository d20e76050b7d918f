import type { AuthorizationRequest } from '../../../lambdas/authorization/authorization-request.ts';
import type { DeployedProfile } from '../../../lambdas/oauth/client-profile.ts';
import { clientProfiles } from '../../../policy/clients.ts';

export const profileNamed = (wanted: string): DeployedProfile => {
  const profile = clientProfiles.find(({ name }) => name === wanted);
  if (profile === undefined) throw new Error(`no profile ${wanted}`);
  return profile;
};

/** A request of Claude's that was checked, or one that differs from it. */
export const anAuthorizationRequest = (
  more: Partial<AuthorizationRequest> = {},
): AuthorizationRequest => ({
  client: { id: 'claude', name: 'Claude', redirectUris: [], profiles: [profileNamed('claude')] },
  profile: profileNamed('claude'),
  redirectUri: 'https://claude.ai/api/mcp/auth_callback',
  codeChallenge: 'c'.repeat(43),
  scopes: ['gatehouse/tools.call', 'gatehouse/tools.read'],
  resource: 'https://mcp.example.com/mcp',
  prompts: [],
  ...more,
});
