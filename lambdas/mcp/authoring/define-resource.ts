import type { Access } from './access.ts';
import type { CallContext } from './call-context.ts';
import type { ContentAnnotations } from './content.ts';
import type { Completion } from './define-prompt.ts';
import type { InputRequired } from './input-required.ts';
import type { Presentation } from './presentation.ts';
import { requireFunction } from './require-function.ts';
import { percentEncoded } from './resource-uri.ts';
import type { Scope } from './scope.ts';

interface ResourceDescription extends Presentation {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly mimeType: string;
  readonly annotations?: ContentAnnotations;
  /** Needed beside the base scope. An empty list means: nothing more. */
  readonly scopes: readonly Scope[];
  /** Who may use it. The stack may say otherwise. @default everybody who may log in */
  readonly access?: Access;
}

/** Text, bytes (sent as base64), or a question that goes before. */
export type ResourceBody = string | Uint8Array | InputRequired;

interface ResourceDefinition extends ResourceDescription {
  readonly uri: string;
  /** In bytes, where it is always the same: clients judge by it what fits. */
  readonly size?: number;
  readonly read: (context: CallContext) => ResourceBody | Promise<ResourceBody>;
}

interface ResourceTemplateDefinition<Template extends string> extends ResourceDescription {
  /**
   * RFC 6570 level 1: `{name}` stands for one path segment or a part of it, percent-encoded. A
   * segment has one variable at most.
   */
  readonly uriTemplate: Template;
  readonly complete?: { readonly [Name in VariableOf<Template>]?: Completion };
  /** `undefined`: there is no such resource. */
  readonly read: (
    variables: Readonly<Record<VariableOf<Template>, string>>,
    context: CallContext,
  ) => ResourceBody | undefined | Promise<ResourceBody | undefined>;
}

/** The names between braces, so that a template's reader and completions are typed by it. */
export type VariableOf<Template extends string> =
  Template extends `${string}{${infer Name}}${infer Rest}` ? Name | VariableOf<Rest> : never;

/** A defined resource. */
export interface Resource extends ResourceDescription {
  readonly kind: 'resource';
  readonly uri: string;
  readonly size?: number;
  read(context: CallContext): Promise<ResourceBody>;
}

/**
 * A defined resource template. `read` takes a URI and returns `undefined` where it does not match,
 * or names nothing.
 */
export interface ResourceTemplate extends ResourceDescription {
  readonly kind: 'resource template';
  readonly uriTemplate: string;
  readonly pattern: RegExp;
  readonly complete: Readonly<Record<string, Completion | undefined>>;
  read(uri: string, context: CallContext): Promise<ResourceBody | undefined>;
}

/**
 * Defines a resource at a fixed URI. Export it as the default of a file in `resources/`; the build
 * finds it there.
 */
export const defineResource = (definition: ResourceDefinition): Resource => {
  requireFunction('read', definition.read);
  return {
    ...definition,
    kind: 'resource',
    read: async (context) => definition.read(context),
  };
};

/** Defines resources by a URI template. Export it as the default of a file in `resources/`. */
export const defineResourceTemplate = <Template extends string>(
  definition: ResourceTemplateDefinition<Template>,
): ResourceTemplate => {
  requireFunction('read', definition.read);
  const pattern = templatePattern(definition.uriTemplate);
  return {
    ...definition,
    kind: 'resource template',
    pattern,
    complete: definition.complete ?? {},
    read: async (given, context) => {
      const uri = percentEncoded(given);
      const variables = pattern.test(uri)
        ? variablesIn(definition.uriTemplate, pattern, uri)
        : undefined;
      return variables !== undefined && isFor(definition.uriTemplate, variables)
        ? definition.read(variables, context)
        : undefined;
    },
  };
};

const variable = /\{(\w+)\}/;

/**
 * A variable stands for one segment: no `/`, `?` or `#`, so that a template never reaches further
 * than it shows. As each is alone in its segment (definition-check), there is one way to match, and
 * a long URI costs no more than its length.
 */
export const templatePattern = (uriTemplate: string): RegExp => {
  const pieces = uriTemplate.split(variable);
  const literal = (text: string) => percentEncoded(text).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(
    `^${pieces.map((piece, index) => (index % 2 === 1 ? '([^/?#]+)' : literal(piece))).join('')}$`,
  );
};

/** The template's variables, in order. */
export const templateVariables = (uriTemplate: string): string[] =>
  uriTemplate.split(variable).filter((_, index) => index % 2 === 1);

const variablesIn = (
  template: string,
  pattern: RegExp,
  uri: string,
): Readonly<Record<string, string>> | undefined => {
  const [, ...encoded] = pattern.exec(uri) ?? [];
  const values = encoded.map(segmentOf);
  if (!values.every((value) => value !== undefined)) return undefined;
  return Object.fromEntries(
    templateVariables(template).map((name, index) => [name, values[index] ?? '']),
  );
};

/**
 * What a variable stands for; undefined for what is malformed, or would be more than one segment
 * once decoded (`..%2F..%2Fetc`).
 */
const segmentOf = (encoded: string): string | undefined => {
  try {
    const value = decodeURIComponent(encoded);
    return /[/\\\p{Cc}]|^\.{1,2}$/u.test(value) ? undefined : value;
  } catch {
    return undefined;
  }
};

const isFor = <Template extends string>(
  uriTemplate: Template,
  variables: Readonly<Record<string, string>>,
): variables is Readonly<Record<VariableOf<Template>, string>> =>
  templateVariables(uriTemplate).every((name) => Object.hasOwn(variables, name));
