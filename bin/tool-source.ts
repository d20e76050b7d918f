/** What a new tool is made of, wherever it stands. */
export interface NewTool {
  readonly name: string;
  /** Without the ending. */
  readonly file: string;
  readonly source: string;
}

/** Undefined when no tool can have the name. `from` is what the tool imports `defineTool` from. */
export const newTool = (name: string, from: string): NewTool | undefined => {
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name) || name.length > 64) return undefined;
  const words = name.split('_');
  const title = words.join(' ');
  return {
    name,
    file: words.join('-'),
    source: source(name, `${title.charAt(0).toUpperCase()}${title.slice(1)}`, from),
  };
};

/** In the order that Biome sorts imports by: packages first. */
const imports = (from: string): string => {
  const both = [`import { defineTool } from '${from}';`, `import * as z from 'zod/mini';`];
  return (from.startsWith('.') ? both.reverse() : both).join('\n');
};

const source = (name: string, title: string, from: string) => `${imports(from)}

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
