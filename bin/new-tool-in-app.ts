import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UserError } from '../lib/user-error.ts';
import { messageOf } from '../local/failure.ts';
import { newTool } from './tool-source.ts';

const help = `npx gatehouse new-tool <name> [options]

Writes a tool. It appears in tools/list with the next build: there is no registry to edit.
<name> is what models call: lower-case letters, digits and underscores, such as list_orders.

  --entry <folder>   what the construct is given as \`entry\` (default: mcp)
  --help`;

/** What is printed. @throws UserError that says what to do */
export const newToolInApp = (argv: readonly string[], cwd: string): string => {
  const { values, positionals } = parse(argv);
  const [name, ...rest] = positionals;
  if (values.help) return help;
  if (name === undefined || rest.length > 0) throw new UserError(`One name, please.\n\n${help}`);
  const tool = newTool(name, 'gatehouse/definitions');
  if (tool === undefined) throw new UserError(`"${name}" is not a tool name.\n\n${help}`);
  const entry = resolve(cwd, values.entry);
  if (!existsSync(entry))
    throw new UserError(
      `There is no folder ${values.entry} here: name the construct's entry with --entry, or make it first.`,
    );
  const path = join(entry, 'tools', `${tool.file}.ts`);
  if (existsSync(path)) throw new UserError(`${relative(cwd, path)} exists already.`);
  mkdirSync(join(entry, 'tools'), { recursive: true });
  writeFileSync(path, tool.source, { flag: 'wx' });
  return `wrote ${relative(cwd, path)}\n\nNext:\n  edit the tool\n  npx gatehouse start, and call ${name} from any MCP client`;
};

const parse = (argv: readonly string[]) => {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        entry: { type: 'string', default: 'mcp' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UserError(`${messageOf(error)}\n\n${help}`);
  }
};
