/** What tests of tools, prompts and resources import from the package. No deployed code does. */
export { callContext, testCaller } from './call-context.ts';
export {
  connect,
  type PromptResult,
  type ReadResult,
  type TestClient,
  type TestClientOptions,
  type ToolCallResult,
} from './client.ts';
export { McpError } from './mcp-error.ts';
