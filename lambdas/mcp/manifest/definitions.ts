import type { Prompt } from '../authoring/define-prompt.ts';
import type { Resource, ResourceTemplate } from '../authoring/define-resource.ts';
import type { Server } from '../authoring/define-server.ts';
import type { Tool } from '../authoring/define-tool.ts';

/** All definitions of one server, in the order of its file names. */
export interface Definitions {
  /** Read at build time alone: the catalogue has what becomes of it. */
  readonly server?: Server | undefined;
  readonly tools: readonly Tool[];
  readonly prompts: readonly Prompt[];
  readonly resources: readonly (Resource | ResourceTemplate)[];
}
