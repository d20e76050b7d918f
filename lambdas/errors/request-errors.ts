import { family } from './http-error.ts';

// Shape of the request (C). The JSON-RPC codes are those of JSON-RPC 2.0 section 5.1.
const shape = /* @__PURE__ */ family({
  oauth: 'invalid_request',
  jsonRpc: -32_600,
  event: 'InputValidationFailure',
});
export class MalformedJson extends /* @__PURE__ */ shape(
  'malformed_json',
  400,
  'The body is not valid JSON.',
  {
    jsonRpc: -32_700,
  },
) {}
export class InvalidRequest extends /* @__PURE__ */ shape(
  'invalid_request',
  400,
  'The request is malformed.',
) {}
export class InvalidParameters extends /* @__PURE__ */ shape(
  'invalid_parameters',
  400,
  'A parameter is missing or malformed.',
  { jsonRpc: -32_602 },
) {}
/** MCP 2026-07-28, "Streamable HTTP": -32020 when `Mcp-*` headers and the body disagree. */
export class HeaderMismatch extends /* @__PURE__ */ shape(
  'header_mismatch',
  400,
  'The headers do not agree with the body.',
  { jsonRpc: -32_020 },
) {}
export class RequestTooLarge extends /* @__PURE__ */ shape(
  'request_too_large',
  413,
  'The body is too large.',
) {}
export class UnsupportedMediaType extends /* @__PURE__ */ shape(
  'unsupported_media_type',
  415,
  'A body of this content type is not taken here.',
) {}
/** AUTH-11. */
export class MisplacedToken extends /* @__PURE__ */ shape(
  'misplaced_token',
  400,
  'A token belongs in the Authorization header alone.',
) {}

// What there is. Nobody is alarmed by a mistyped address.
const address = /* @__PURE__ */ family({ oauth: 'invalid_request' });
export class NotFound extends /* @__PURE__ */ address(
  'not_found',
  404,
  'There is nothing at this address.',
) {}
export class MethodNotAllowed extends /* @__PURE__ */ address(
  'method_not_allowed',
  405,
  'This method is not allowed here.',
) {}
export class NotAcceptable extends /* @__PURE__ */ address(
  'not_acceptable',
  406,
  'The client accepts no content type that is sent here.',
) {}
