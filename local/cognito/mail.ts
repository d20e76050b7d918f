/** What Cognito would send. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Cognito's default texts of an invitation and of a code. */
export const invitationMail = (to: string, password: string): Mail => ({
  to,
  subject: 'Your temporary password',
  text: `Your username is ${to} and temporary password is ${password}`,
});

export const codeMail = (to: string, code: string): Mail => ({
  to,
  subject: 'Your verification code',
  text: `Your password reset code is ${code}`,
});

export const confirmationMail = (to: string, code: string): Mail => ({
  to,
  subject: 'Your verification code',
  text: `Your confirmation code is ${code}`,
});
