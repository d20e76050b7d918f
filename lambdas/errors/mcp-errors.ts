import { family } from './http-error.ts';

const mcp = /* @__PURE__ */ family({ jsonRpc: -32_601, event: 'UnknownMcpMethod' });
export class UnknownMcpMethod extends /* @__PURE__ */ mcp(
  'unknown_mcp_method',
  404,
  'Method not found',
) {}
// MCP 2026-07-28, "Error Codes"; -32002 is "resource not found" of the earlier revisions.
const protocol = /* @__PURE__ */ family({ event: 'InputValidationFailure' });
export class UnsupportedProtocolVersion extends /* @__PURE__ */ protocol(
  'unsupported_protocol_version',
  400,
  'Unsupported protocol version',
  {
    jsonRpc: -32_022,
  },
) {}
const feature = /* @__PURE__ */ family();
export class MissingClientCapability extends /* @__PURE__ */ feature(
  'missing_client_capability',
  400,
  'The client declares no capability for this.',
  {
    jsonRpc: -32_021,
  },
) {}
export class NeedsNewerRevision extends /* @__PURE__ */ feature(
  'needs_newer_revision',
  400,
  'This asks the user for something, which works from protocol version 2026-07-28 on.',
  { jsonRpc: -32_603 },
) {}
export class UnknownResource extends /* @__PURE__ */ feature(
  'unknown_resource',
  404,
  'Resource not found',
  {
    jsonRpc: -32_602,
  },
) {}
export class UnknownLegacyResource extends /* @__PURE__ */ feature(
  'unknown_resource',
  404,
  'Resource not found',
  {
    jsonRpc: -32_002,
  },
) {}
