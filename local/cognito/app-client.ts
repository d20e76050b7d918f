/**
 * An app client as the template describes it; `readAppClient` (template.ts) makes one of
 * `AWS::Cognito::UserPoolClient`.
 */
export interface AppClient {
  readonly clientId: string;
  /** Absent for a public client, which then must not send one. */
  readonly clientSecret?: string;
  /** A second secret that is accepted as well, as during a rotation. */
  readonly previousClientSecret?: string;
  readonly clientName: string;
  /** Compared byte for byte. */
  readonly callbackUrls: readonly string[];
  /** One of them: Cognito lets no client have both. A template that asks for another is refused. */
  readonly flows: readonly ('code' | 'client_credentials')[];
  /**
   * Allowed scopes: `openid`, `email`, `phone`, `profile`, `aws.cognito.signin.user.admin` and
   * `{resource server}/{scope}`.
   */
  readonly scopes: readonly string[];
  /** `COGNITO` for the pool itself. */
  readonly identityProviders: readonly string[];
  readonly accessTokenSeconds: number;
  readonly idTokenSeconds: number;
  readonly refreshTokenSeconds: number;
  /** Absent: a refresh token stays the same for its whole life. */
  readonly refreshRotation?: { readonly graceSeconds: number };
  readonly explicitAuthFlows: readonly string[];
  readonly tokenRevocation: boolean;
}
