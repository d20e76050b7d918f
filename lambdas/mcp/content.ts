/** What tools, prompts and resources answer with (2026-07-28 schema, "ContentBlock"; the same in every revision since 2025-06-18). */

/** Hints for whoever shows a block. `priority` runs from 0 (optional) to 1 (required); `lastModified` is ISO 8601. */
export interface ContentAnnotations {
  readonly audience?: readonly ('user' | 'assistant')[];
  readonly priority?: number;
  readonly lastModified?: string;
}

/** Text or base64 bytes behind a URI. */
export type ResourceContents =
  | { readonly uri: string; readonly mimeType?: string; readonly text: string }
  | { readonly uri: string; readonly mimeType?: string; readonly blob: string };

export type ContentBlock =
  | { readonly type: 'text'; readonly text: string; readonly annotations?: ContentAnnotations }
  | { readonly type: 'image'; readonly data: string; readonly mimeType: string; readonly annotations?: ContentAnnotations }
  | { readonly type: 'audio'; readonly data: string; readonly mimeType: string; readonly annotations?: ContentAnnotations }
  | { readonly type: 'resource'; readonly resource: ResourceContents; readonly annotations?: ContentAnnotations }
  | {
      readonly type: 'resource_link';
      readonly uri: string;
      readonly name: string;
      readonly title?: string;
      readonly description?: string;
      readonly mimeType?: string;
      readonly annotations?: ContentAnnotations;
    };

export interface PromptMessage {
  readonly role: 'user' | 'assistant';
  readonly content: ContentBlock;
}

/** A string is one text block. */
export type Content = string | ContentBlock | readonly ContentBlock[];

export const contentBlocks = (content: Content): readonly ContentBlock[] => {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return isBlockList(content) ? content : [content];
};

// Array.isArray does not narrow readonly arrays.
const isBlockList = (content: ContentBlock | readonly ContentBlock[]): content is readonly ContentBlock[] => Array.isArray(content);
