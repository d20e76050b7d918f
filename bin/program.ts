import { Command } from 'commander';
import { access } from './access/command.ts';
import { audit } from './audit/command.ts';
import { compare } from './compare/command.ts';
import { cost } from './cost/command.ts';
import { doctor } from './doctor/command.ts';
import { machine } from './machine/command.ts';
import { rotateOriginSecret } from './origin-secret/command.ts';
import { printOutcome } from './terminal/outcome.ts';
import { user } from './user/command.ts';

/** It shares its arguments with `npm start`, so it reads them itself. */
const start = new Command('start')
  .description('runs it on this computer, without an AWS account')
  .helpOption(false)
  .allowUnknownOption()
  .argument('[arguments...]')
  .action(async (argv: readonly string[]) =>
    (await import('../local/run-locally.ts')).runLocally(
      { name: 'npx gatehouse start', app: process.cwd() },
      argv,
    ),
  );

interface WritingOptions {
  readonly entry?: string;
  readonly server?: string;
  readonly json?: boolean;
}

const newTool = new Command('new-tool')
  .description(
    'writes a tool and its test; it appears in tools/list with the next build, for there is no registry to edit',
  )
  .argument('<name>', 'what models call: lower-case letters, digits and underscores: list_orders')
  .option(
    '--entry <folder>',
    "what the construct is given as `entry` (default: mcp; in Gatehouse's own repository, the folder of the default server)",
  )
  .option('--json', 'one line of JSON')
  .action(async (name: string, options: WritingOptions) =>
    printOutcome(
      (await import('./new-tool.ts')).newTool(name, options, process.cwd()),
      options.json,
    ),
  );

const importTools = new Command('import')
  .description(
    'writes a tool for each operation of an OpenAPI 3 document; the files are yours from then on: read them, give each the scopes and the login that it needs. None is overwritten',
  )
  .argument('<document>', 'openapi.yaml or .json')
  .option('--entry <folder>', 'what the construct is given as `entry` (default: mcp)')
  .option('--server <url>', "where the service is (default: the first of the document's servers)")
  .option('--json', 'one line of JSON')
  .action(async (document: string, options: WritingOptions) =>
    printOutcome(
      (await import('./import-openapi.ts')).importOpenapi(document, options, process.cwd()),
      options.json,
    ),
  );

/** `gatehouse`: the same in this repository and in an app that installs the package. */
export const program = new Command('gatehouse')
  .description(
    'In the folder of the cdk.json of an app with a Gatehouse in it, or of this repository.',
  )
  .addHelpText('after', '\nEach command has --help.')
  .enablePositionalOptions()
  .addCommand(start)
  .addCommand(newTool)
  .addCommand(importTools)
  .addCommand(access)
  .addCommand(user)
  .addCommand(machine)
  .addCommand(doctor)
  .addCommand(audit)
  .addCommand(cost)
  .addCommand(compare)
  .addCommand(rotateOriginSecret);
