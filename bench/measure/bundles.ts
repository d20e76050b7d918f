import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { buildText } from '../../lib/bundle/build.ts';
import { asTexts, bundles } from '../../lib/bundle/bundle.ts';
import { definitionsIn } from '../../lib/bundle/definitions.ts';
import { handlerEntry } from '../../lib/bundle/entries.ts';

const repository = join(import.meta.dirname, '..', '..');
const folder = join(import.meta.dirname, '..', '.build');

// Outside bench/, whose own zod would be a second one in our bundle: an app has one.
const definitionsFolder = join(repository, '.local', 'bench');

export interface Bundle {
  readonly name: string;
  readonly tools: number;
  readonly file: string;
  readonly kilobytes: number;
}

export const peers = [
  'hello',
  'bare',
  'bare-with-table',
  'sdk-v2',
  'mcp-handler',
  'middy-mcp',
  'mcp-lite',
] as const;

const kilobytes = (file: string) => Math.round(statSync(file).size / 102.4) / 10;

/**
 * Our functions, by the same bundler that deploys them, with generated tools in place of the
 * product's own.
 */
export const ownBundles = (tools: number): Bundle[] => {
  const definitions = join(definitionsFolder, `definitions-${tools}`);
  rmSync(definitions, { recursive: true, force: true });
  for (const section of ['tools', 'prompts', 'resources'])
    mkdirSync(join(definitions, section), { recursive: true });
  for (let index = 0; index < tools; index += 1) {
    writeFileSync(
      join(definitions, 'tools', `add-${index}.ts`),
      toolSource(index === 0 ? 'add' : `add_${index}`),
    );
  }
  const built = bundles(definitions);
  return (['mcp', 'authorizer', 'audit-trail'] as const).map((name) => {
    const target = join(folder, `${name}-${tools}`);
    mkdirSync(target, { recursive: true });
    const file = join(target, 'index.mjs');
    writeFileSync(file, built.byFunction[name].code);
    return {
      name: name === 'mcp' ? 'gatehouse' : name,
      tools,
      file,
      kilobytes: kilobytes(file),
    };
  });
};

/**
 * What is not deployed: the authorizer and `mcp` as one function, for the first call of both
 * (docs/decisions, "The authorizer stays a function of its own").
 */
export const oneFunctionBundle = (tools: number): Bundle => {
  const definitions = join(definitionsFolder, `definitions-${tools}`);
  const { manifest } = bundles(definitions);
  const mcp = handlerEntry(definitionsIn(definitions), manifest);
  const entry = `${mcp.replace('export const handler =', 'const mcp =')}
import { handler as authorizer } from ${JSON.stringify(join(repository, 'lambdas', 'authorizer', 'handler.ts'))};
export const handler = awslambda.streamifyResponse(async (event, stream, context) => {
  if ('body' in event) return mcp(event, stream, context);
  stream.end(JSON.stringify(await authorizer(event, context)));
});`;
  const target = join(folder, `one-function-${tools}`);
  mkdirSync(target, { recursive: true });
  const file = join(target, 'index.mjs');
  const define = asTexts({
    REQUIRED_SCOPES: manifest.requiredScopes,
    ACCESS: manifest.access,
    SERVER_IDENTITY: manifest.identity,
  });
  writeFileSync(file, buildText(definitions, entry, define).code);
  return { name: 'one function', tools, file, kilobytes: kilobytes(file) };
};

const root = join(repository, 'lambdas', 'mcp');

const toolSource = (name: string) => `import * as z from 'zod/mini';
import { defineTool } from ${JSON.stringify(join(root, 'authoring', 'index.ts'))};

export default defineTool({
  name: '${name}',
  title: 'Add ${name}',
  description: 'Adds two numbers and says where the sum was made. Use it whenever two numbers have to become one.',
  input: z.object({
    a: z.number().check(z.describe('First')),
    b: z.number().check(z.describe('Second')),
    note: z.optional(z.string().check(z.maxLength(200))),
  }),
  output: z.object({ sum: z.number() }),
  scopes: [],
  annotations: {},
  handler: ({ a, b }) => ({ sum: a + b }),
});
`;

/** Everybody else's handler, bundled as ours are. */
export const peerBundle = (name: (typeof peers)[number], tools: number): Bundle => {
  const file = join(folder, `${name}-${tools}`, 'index.mjs');
  buildSync({
    entryPoints: [join(import.meta.dirname, '..', 'peers', `${name}.ts`)],
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minify: true,
    legalComments: 'none',
    logLevel: 'error',
    define: { TOOL_COUNT: String(tools) },
    banner: {
      js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
    },
  });
  return { name, tools, file, kilobytes: kilobytes(file) };
};
