import type { UrlMode } from '../policy/deployment.ts';
import { endpoints } from '../policy/endpoints.ts';
import { scopes } from '../policy/scopes.ts';

/**
 * The one place that derives what the outside sees of a deployment (OAUTH-1: byte for byte the same
 * everywhere). No part has a trailing slash. A part may hold CDK tokens.
 */
export interface PublicUrl {
  readonly mode: UrlMode;
  readonly issuer: string;
  readonly resource: string;
  /** Where Cognito sends the browser back to: the only callback of every app client. */
  readonly callback: string;
  /**
   * AUTH-9: values of `WWW-Authenticate`, static text because a gateway response can send nothing
   * else.
   */
  readonly tokenChallenge: string;
  readonly scopeChallenge: string;
}

export interface PublicUrlProps {
  readonly mode: UrlMode;
  readonly stage: string;
  /**
   * Scheme and host of the deployment: the custom domain, the distribution, the execute-api host,
   * or the local runtime.
   */
  readonly origin: string;
  /** Scopes of one's own. @default none */
  readonly ownScopes?: readonly string[];
}

const resourcePath = endpoints.mcp.path;

export const publicUrl = ({ mode, stage, origin, ownScopes = [] }: PublicUrlProps): PublicUrl => {
  const issuer = mode === 'stage' ? `${origin}/${stage}` : origin;
  const resource = `${issuer}${resourcePath}`;
  // RFC 9728 section 3.1 puts the well-known between host and path; a bare stage does not own the
  // host's root, so there the document stands below the resource, where the official SDKs look
  // because the challenge names it.
  const document =
    mode === 'stage'
      ? endpoints['protected-resource-path-appended']
      : endpoints['protected-resource-path-inserted'];
  const resourceMetadata = `${issuer}${document.path}`;
  // A login without `scope` gets codes that cannot be exchanged, so the challenge offers everything
  // there is.
  const everyScope = [...Object.keys(scopes), ...ownScopes].join(' ');
  return {
    mode,
    issuer,
    resource,
    callback: `${issuer}${endpoints.callback.path}`,
    tokenChallenge: `Bearer resource_metadata="${resourceMetadata}", scope="${everyScope}"`,
    scopeChallenge: `Bearer error="insufficient_scope", resource_metadata="${resourceMetadata}", scope="${everyScope}"`,
  };
};
