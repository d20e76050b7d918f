import { family } from './http-error.ts';

// Grants: RFC 6749 sections 4.1.2.1 and 5.2. A replay looks like any other bad grant from outside.
const client = /* @__PURE__ */ family({ event: 'AuthenticationFailure' });
export class InvalidClient extends /* @__PURE__ */ client(
  'invalid_client',
  401,
  'The app is not known here.',
) {}
const grant = /* @__PURE__ */ family({ oauth: 'invalid_grant', event: 'AuthenticationFailure' });
export class InvalidGrant extends /* @__PURE__ */ grant(
  'invalid_grant',
  400,
  'The grant is not valid for this client, or has expired.',
) {}
export class CodeReplay extends /* @__PURE__ */ grant(
  'code_replay',
  400,
  'The grant is not valid for this client, or has expired.',
  {
    event: 'CodeReplay',
  },
) {}
/** RFC 9700 section 4.14.2: a refresh token that was replaced came back. Its grant has ended. */
export class RefreshTokenReuse extends /* @__PURE__ */ grant(
  'refresh_token_reuse',
  400,
  'The grant is not valid for this client, or has expired.',
  { event: 'RefreshTokenReuse' },
) {}
/** RFC 6749 section 5.2 has 400 for a refresh that is refused, whatever the reason. */
export class BlockedGrant extends /* @__PURE__ */ grant(
  'blocked_user',
  400,
  'The grant is not valid for this client, or has expired.',
  {
    event: 'BlockedUser',
  },
) {}

// Authorization and token requests: RFC 6749, RFC 8707 section 2.
const parameter = /* @__PURE__ */ family({ event: 'InputValidationFailure' });
export class UnsupportedGrantType extends /* @__PURE__ */ parameter(
  'unsupported_grant_type',
  400,
  'The grant type is not supported.',
) {}
export class UnsupportedResponseType extends /* @__PURE__ */ parameter(
  'unsupported_response_type',
  400,
  'The response type is not supported.',
) {}
/** RFC 7009 section 2.2.1. */
export class UnsupportedTokenType extends /* @__PURE__ */ parameter(
  'unsupported_token_type',
  400,
  'A token of this type cannot be revoked.',
) {}
export class InvalidScope extends /* @__PURE__ */ parameter(
  'invalid_scope',
  400,
  'A scope is not known, or not open to this client.',
) {}
export class InvalidTarget extends /* @__PURE__ */ parameter(
  'invalid_target',
  400,
  'The resource is not served here.',
) {}

// The login in the browser. OAUTH-9: another browser, an expired page, or a step that nobody
// approved.
const login = /* @__PURE__ */ family({ oauth: 'access_denied', event: 'AuthenticationFailure' });
export class ForeignTransaction extends /* @__PURE__ */ login(
  'foreign_transaction',
  400,
  'This login began in another browser, or has expired.',
) {}

// Registration: RFC 7591 section 3.2.2.
const registration = /* @__PURE__ */ family({ event: 'RegistrationRefused' });
export class InvalidRedirectUri extends /* @__PURE__ */ registration(
  'invalid_redirect_uri',
  400,
  'The redirect URI is not allowed.',
) {}
export class InvalidClientMetadata extends /* @__PURE__ */ registration(
  'invalid_client_metadata',
  400,
  'The client metadata is not acceptable.',
) {}
