import type { Icon } from './presentation.ts';

/**
 * What tools, prompts and resources return (2026-07-28 schema, "ContentBlock"; the same in
 * every revision since 2025-06-18).
 */

/**
 * Hints for whoever shows a block. `priority` runs from 0 (optional) to 1 (required);
 * `lastModified` is an ISO 8601 date and time with an offset.
 */
export interface ContentAnnotations {
  readonly audience?: readonly ('user' | 'assistant')[];
  readonly priority?: number;
  readonly lastModified?: string;
}

interface Described {
  /** For extensions of the protocol (2026-07-28 "General fields", `_meta`). */
  readonly _meta?: Readonly<Record<string, unknown>>;
}

interface Annotated extends Described {
  readonly annotations?: ContentAnnotations;
}

interface Contents extends Described {
  readonly uri: string;
  readonly mimeType?: string;
}

/** Text or base64 bytes behind a URI. */
export type ResourceContents =
  | (Contents & { readonly text: string })
  | (Contents & { readonly blob: string });

/** A resource to read later. It need not be on the list of resources. */
interface ResourceLink extends Annotated {
  readonly type: 'resource_link';
  readonly uri: string;
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly mimeType?: string;
  readonly icons?: readonly Icon[];
  /** In bytes. */
  readonly size?: number;
}

export type ContentBlock =
  | (Annotated & { readonly type: 'text'; readonly text: string })
  | (Annotated & {
      readonly type: 'image' | 'audio';
      readonly data: string;
      readonly mimeType: string;
    })
  | (Annotated & { readonly type: 'resource'; readonly resource: ResourceContents })
  | ResourceLink;

export interface PromptMessage {
  readonly role: 'user' | 'assistant';
  readonly content: ContentBlock;
}

/** What a tool call ends in: what the official SDK calls `CallToolResult`. */
export interface ToolResult {
  readonly content: readonly ContentBlock[];
  /** An object. With an `output` schema, what it takes. */
  readonly structuredContent?: unknown;
  /** The call failed, and the content tells the model why. */
  readonly isError?: boolean | undefined;
  readonly _meta?: Readonly<Record<string, unknown>> | undefined;
}

/** A string is one text block. */
export type Content = string | ContentBlock | readonly ContentBlock[];

/**
 * A block as a revision knows it: links came with 2025-06-18, and a client of 2025-03-26 may refuse
 * a whole result for one.
 */
export const shownBlock = (block: ContentBlock, version: string): ContentBlock => {
  if (block.type !== 'resource_link' || version !== '2025-03-26') return block;
  const { annotations, title, name, uri } = block;
  return { type: 'text', text: `${title ?? name}: ${uri}`, ...(annotations && { annotations }) };
};
