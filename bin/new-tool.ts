import { existsSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { newTool } from './tool-source.ts';

const help = `Writes a new tool and its test.

  npm run new:tool -- <name>

<name> is what models call: lower-case letters, digits and underscores, such as list_orders.
The tool appears in tools/list with the next build: there is no registry to edit.`;

// npm runs scripts in the package's folder, whether that is this repository or a copy that somebody
// made their own.
const root = process.cwd();
const toolsFolder = 'lambdas/mcp/default-server/tools';

const testSource = (
  name: string,
  file: string,
) => `import { InvalidArguments } from '../../../../../lambdas/mcp/authoring/index.ts';
import tool from '../../../../../lambdas/mcp/default-server/tools/${file}.ts';
import { callContext } from '../../call-context.ts';

describe('${name}', () => {
  it('greets', async () => {
    expect(await tool.call({ who: 'Ada' }, callContext())).toMatchObject({ structuredContent: { greeting: 'Hello Ada, says dev.' } });
  });

  it('wants a name', async () => {
    expect(await tool.call({ who: '' }, callContext())).toBeInstanceOf(InvalidArguments);
  });
});
`;

const fail = (message: string): never => {
  console.error(message);
  process.exit(1);
};

const [name, ...rest] = process.argv.slice(2);
if (name === undefined || name === '--help' || name === '-h') {
  console.log(help);
  process.exit(name === undefined ? 1 : 0);
}
if (rest.length > 0) fail(`One name at a time.\n\n${help}`);
const tool =
  newTool(name, '../../authoring/index.ts') ?? fail(`"${name}" is not a tool name.\n\n${help}`);
const { file, source } = tool;

const written = [
  { path: join(root, toolsFolder, `${file}.ts`), source },
  {
    path: join(root, 'test', toolsFolder, `${file}.test.ts`),
    source: testSource(name, file),
  },
];
if (!existsSync(join(root, toolsFolder))) fail(`There is no ${toolsFolder} in ${root}.`);
const taken = written.find(({ path }) => existsSync(path));
if (taken !== undefined) fail(`${relative(root, taken.path)} exists already.`);
for (const { path, source: content } of written) {
  writeFileSync(path, content, { flag: 'wx' });
  console.log(`wrote ${relative(root, path)}`);
}
console.log(`\nNext:
  edit the tool
  npm run jest -- --selectProjects unit --testPathPatterns ${file}
  npm start, and call ${name} from any MCP client`);
