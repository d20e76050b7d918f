/** What a tool, prompt or resource of another repository imports from the package. */
export type { CallLimit } from '../../../policy/limits.ts';
export type { Access } from './access.ts';
export type { CallContext, TraceContext } from './call-context.ts';
export type { Content, ContentBlock, ToolResult } from './content.ts';
export { definePrompt, type Prompt } from './define-prompt.ts';
export {
  defineResource,
  defineResourceTemplate,
  type Resource,
  type ResourceTemplate,
} from './define-resource.ts';
export { defineServer, type ServerDefinition } from './define-server.ts';
export { defineTool, InvalidArguments, type Tool, type ToolAnnotations } from './define-tool.ts';
export { InputRequired } from './input-required.ts';
export type { Permission } from './permission.ts';
export type { Icon } from './presentation.ts';
export type { Scope } from './scope.ts';
export { ToolError } from './tool-error.ts';
