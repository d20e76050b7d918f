import { family } from './http-error.ts';

// Who is asking (A). The messages say nothing that helps forging a token (AUTH-9).
const authentication = /* @__PURE__ */ family({ event: 'AuthenticationFailure' });
export class MissingToken extends /* @__PURE__ */ authentication(
  'missing_token',
  401,
  'An access token is needed.',
  { oauth: 'invalid_token' },
) {}
export class InvalidToken extends /* @__PURE__ */ authentication(
  'invalid_token',
  401,
  'The access token is not valid.',
  { event: 'InvalidToken' },
) {}
export class InsufficientScope extends /* @__PURE__ */ authentication(
  'insufficient_scope',
  403,
  'The access token lacks a scope that this needs.',
) {}
const caller = /* @__PURE__ */ family({ oauth: 'invalid_grant', event: 'BlockedUser' });
export class BlockedUser extends /* @__PURE__ */ caller(
  'blocked_user',
  403,
  'This account is blocked.',
) {}
const origin = /* @__PURE__ */ family({ oauth: 'access_denied', event: 'CorsViolation' });
export class ForeignOrigin extends /* @__PURE__ */ origin(
  'foreign_origin',
  403,
  'This origin is not allowed.',
) {}
