/**
 * Figures that are Cognito's own, from its developer guide: how the service behaves, not what
 * Gatehouse promises.
 */
export const cognitoFigures = {
  /** "The authorization code is valid for five minutes." */
  authorizationCodeSeconds: 300,
  /** "Managed login sets browser cookies that are valid for one hour." */
  sessionSeconds: 3600,
  /** A pool's bound on the steps of a login where the client has none: `AuthSessionValidity`. */
  loginStepSeconds: 180,
  /** Default validity where the app client says nothing. */
  accessTokenSeconds: 3600,
  idTokenSeconds: 3600,
  refreshTokenSeconds: 30 * 24 * 3600,
  /** Ranges of AWS::Cognito::UserPoolClient. */
  shortTokenSeconds: { minimum: 300, maximum: 24 * 3600 },
  refreshSeconds: { minimum: 3600, maximum: 10 * 365 * 24 * 3600 },
  rotationGraceSeconds: { minimum: 0, maximum: 60 },
  callbackUrls: 100,
  /** How long a company's provider may take. Not documented. */
  providerMilliseconds: 10_000,
  /** Not documented: generous for a form or a JSON request. */
  bodyBytes: 256 * 1024,
} as const;
