import { sizes } from '../../../policy/limits.ts';
import { appsExtension } from '../../../policy/mcp-methods.ts';
import type { AccessTable } from '../manifest/access.ts';
import { decidingGroupsOf, isPermitted } from './access.ts';
import type { HttpContext } from './request-context.ts';

type Asked = Pick<HttpContext, 'registry' | 'caller'>;

/** A definition as far as a capability is read from it. */
interface Offered {
  readonly complete?: object;
  readonly _meta?: Readonly<Record<string, unknown>>;
}

/** The definitions of one list that the caller may use. */
const permitted = (list: keyof AccessTable, asked: Asked): readonly Offered[] => {
  const { tools, prompts, resources, templates } = asked.registry;
  const definitions = { tools, prompts, resources, resourceTemplates: templates }[list];
  return [...definitions].flatMap(([key, definition]) =>
    isPermitted(list, key, asked) ? [definition] : [],
  );
};

const completes = ({ complete = {} }: Offered): boolean => Object.keys(complete).length > 0;
const showsApp = ({ _meta = {} }: Offered): boolean => _meta[appsExtension.metaKey] !== undefined;

/**
 * AUTH-12: what the server says it can do is what it can do for the caller. A capability with nothing
 * behind it but what is for others would tell that there is something.
 */
export const capabilitiesOf = (asked: Asked): Readonly<Record<string, object>> => {
  const { capabilities: known } = asked.registry;
  const key = decidingGroupsOf(asked);
  const found = known.get(key);
  if (found !== undefined) return found;
  const tools = permitted('tools', asked);
  const prompts = permitted('prompts', asked);
  const templates = permitted('resourceTemplates', asked);
  const resources = [...permitted('resources', asked), ...templates];
  // No `listChanged`, no `subscribe`: nothing changes while a function lives.
  const capabilities = {
    ...(tools.length > 0 && { tools: {} }),
    ...(prompts.length > 0 && { prompts: {} }),
    ...(resources.length > 0 && { resources: {} }),
    ...([...prompts, ...templates].some(completes) && { completions: {} }),
    ...([...tools, ...prompts, ...resources].some(showsApp) && {
      extensions: { [appsExtension.id]: {} },
    }),
  };
  // People of ever other groups must not fill the memory.
  if (known.size >= sizes.rememberedLists) known.clear();
  known.set(key, capabilities);
  return capabilities;
};
