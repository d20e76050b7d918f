import type { Prompt } from './define-prompt.ts';
import type { Resource, ResourceTemplate } from './define-resource.ts';
import type { Server } from './define-server.ts';
import type { Tool } from './define-tool.ts';

/** All that one server offers, in the order of its file names. */
export interface Definitions {
  /** Read at build time alone: the catalogue has what becomes of it. */
  readonly server?: Server | undefined;
  readonly tools: readonly Tool[];
  readonly prompts: readonly Prompt[];
  readonly resources: readonly (Resource | ResourceTemplate)[];
}
