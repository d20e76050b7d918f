import * as z from 'zod/mini';
import { sizes } from '../../../policy/limits.ts';
import { appsExtension } from '../../../policy/mcp-methods.ts';
import { UnknownLegacyResource, UnknownResource } from '../../errors/errors.ts';
import { text } from '../../http/bounded.ts';
import { whenNeeded } from '../../http/when-needed.ts';
import type { Resource, ResourceTemplate } from '../authoring/define-resource.ts';
import { InputRequired } from '../authoring/input-required.ts';
import type { Presentation } from '../authoring/presentation.ts';
import { percentEncoded } from '../authoring/resource-uri.ts';
import { InvalidResult } from '../authoring/result-check.ts';
import type { Registry } from '../execution/registry.ts';
import { absence, isPermitted } from './access.ts';
import { inputRequired, run } from './input-round.ts';
import { type Method, parseParameters, requireScopes } from './request-context.ts';
import { completed } from './response.ts';

const parameters = whenNeeded(() => z.object({ uri: text(sizes.uriCharacters) }));

export const readResource: Method = async (context) => {
  const { uri } = parseParameters(parameters(), context);
  // 2026-07-28 changed the code; the URI goes back so that the client knows which of its reads this
  // was.
  const Unknown = context.era === 'modern' ? UnknownResource : UnknownLegacyResource;
  const found = matching(percentEncoded(uri), context.registry);
  const resource = found.find((each) => isPermitted(listOf(each), keyOf(each), context));
  const [first] = found;
  if (first !== undefined) context.record.definition = (resource ?? first).name;
  if (resource === undefined) throw new Unknown({ data: { uri }, ...absence(first, context) });
  requireScopes(resource.scopes, context);
  const body = await run(resource.name, context, (call) =>
    resource.kind === 'resource' ? resource.read(call) : resource.read(uri, call),
  );
  if (body === undefined) throw new Unknown({ data: { uri } });
  if (body instanceof InputRequired) return inputRequired(body, context);
  const contents =
    typeof body === 'string' ? { text: body } : { blob: bytesOf(body).toString('base64') };
  return completed(
    { contents: [{ uri, mimeType: resource.mimeType, ...contents, ...appMeta(resource) }] },
    context,
    'cacheable',
  );
};

/** What answers to a URI: the resource that has it, then the templates that it fits, in order. */
const matching = (
  uri: string,
  { resources, templates }: Registry,
): readonly (Resource | ResourceTemplate)[] => {
  const fixed = resources.get(uri);
  const fitting = [...templates.values()].filter(({ pattern }) => pattern.test(uri));
  return fixed === undefined ? fitting : [fixed, ...fitting];
};

const listOf = ({ kind }: Resource | ResourceTemplate) =>
  kind === 'resource' ? 'resources' : 'resourceTemplates';

const keyOf = (definition: Resource | ResourceTemplate): string =>
  definition.kind === 'resource' ? percentEncoded(definition.uri) : definition.uriTemplate;

/** Definitions may have lost their types: what is neither text nor bytes has no encoding. */
const bytesOf = (body: unknown): Buffer => {
  if (body instanceof Uint8Array) return Buffer.from(body);
  throw new InvalidResult('The resource is neither a string nor a Uint8Array.');
};

/** Hosts of MCP Apps look here for what a page may load (`_meta.ui.csp`). */
const appMeta = ({ _meta = {} }: Presentation): Presentation => {
  const { [appsExtension.metaKey]: ui } = _meta;
  return ui === undefined ? {} : { _meta: { [appsExtension.metaKey]: ui } };
};
