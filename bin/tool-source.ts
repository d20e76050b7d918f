/** What a tool, and with it its files, is called. */
export interface ToolName {
  /** What models call. */
  readonly name: string;
  readonly title: string;
  /** Without the ending. */
  readonly file: string;
}

/** Undefined when no tool can have the name. */
export const readToolName = (name: string): ToolName | undefined => {
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name) || name.length > 64) return undefined;
  const words = name.split('_');
  const title = words.join(' ');
  return {
    name,
    title: `${title.charAt(0).toUpperCase()}${title.slice(1)}`,
    file: words.join('-'),
  };
};

/** Where the sources import from: names of packages, or relative paths. */
export interface ImportedFrom {
  readonly definitions: string;
  readonly testing: string;
  readonly tool: string;
  /** The module that has `test`; undefined where it is a global. */
  readonly runner: string | undefined;
}

/** Packages first, then paths, the nearest last: the order that linters sort imports by. */
const sorted = (imports: readonly { readonly what: string; readonly from: string }[]): string =>
  [...imports]
    .sort((one, other) => rank(one.from) - rank(other.from) || compare(one.from, other.from))
    .map(({ what, from }) => `import ${what} from '${from}';`)
    .join('\n');

const rank = (from: string): number => {
  if (from.startsWith('node:')) return 0;
  return from.startsWith('.') ? 2 : 1;
};

const compare = (one: string, other: string): number => (one < other ? -1 : 1);

export const toolSource = ({ name, title }: ToolName, from: ImportedFrom): string =>
  `${sorted([
    { what: '{ defineTool }', from: from.definitions },
    { what: '* as z', from: 'zod/mini' },
  ])}

export default defineTool({
  name: '${name}',
  title: '${title}',
  // All that a model knows: what it does, when to use it, what comes back.
  description: 'Greets somebody by name.',
  input: z.object({
    who: z.string().check(z.minLength(1), z.maxLength(100), z.describe('Whom to greet')),
  }),
  output: z.object({ greeting: z.string() }),
  // Beside the base scope; 'gatehouse/tools.call' for a tool that acts.
  scopes: [],
  annotations: { readOnlyHint: true, openWorldHint: false },
  handler: ({ who }, { caller }) => ({ greeting: \`Hello \${who}, says \${caller.username}.\` }),
});
`;

export const testSource = ({ name }: ToolName, from: ImportedFrom): string =>
  `${sorted([
    { what: 'assert', from: 'node:assert/strict' },
    ...(from.runner === undefined ? [] : [{ what: '{ test }', from: from.runner }]),
    { what: '{ connect }', from: from.testing },
    { what: 'tool', from: from.tool },
  ])}

// A client and a server in this process: a call takes the whole protocol.
const client = connect({ tools: [tool] });

test('${name} greets', async () => {
  const { structuredContent } = await client.callTool('${name}', { who: 'Ada' });
  assert.deepEqual(structuredContent, { greeting: 'Hello Ada, says dev.' });
});

test('${name} wants a name', async () => {
  const { isError } = await client.callTool('${name}', { who: '' });
  assert.equal(isError, true);
});
`;
