/**
 * What Cognito holds people to. Lengths in characters, times in the unit that the name ends with.
 */
export const passwordPolicy = { minimumLength: 12, temporaryPasswordDays: 3, history: 5 } as const;

export const loginSettings = {
  /** How long a person may take between two steps of a login (Cognito allows 3 to 15). */
  authSessionMinutes: 5,
  /** Cognito's least; nobody uses our ID tokens. */
  idTokenMinutes: 5,
  /**
   * OAUTH-13: how long a refresh token that was rotated still works, for the other processes that
   * share it and for a client whose response got lost. Cognito's most, and ours.
   */
  refreshRotationGraceSeconds: 60,
} as const;

/** Whether people have a second factor: an authenticator app, never SMS. */
export const mfaChoices = ['off', 'optional', 'required'] as const;

/** AWS's quota: managed-login branding styles a user pool, and each app client needs one. */
export const brandingStylesPerPool = 20;
