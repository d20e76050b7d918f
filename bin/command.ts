import { Command } from 'commander';
import { UserError } from '../lib/user-error.ts';
import { access } from './access/command.ts';
import { audit } from './audit/command.ts';
import { cost } from './cost/command.ts';
import { doctor } from './doctor/command.ts';
import { rotateOriginSecret } from './rotate-origin-secret.ts';
import { user } from './user/command.ts';

/** A command that reads its own arguments, and loads what it needs only when it runs. */
const passedOn = (
  name: string,
  description: string,
  run: (argv: readonly string[]) => Promise<void> | void,
): Command =>
  new Command(name)
    .description(description)
    .helpOption(false)
    .allowUnknownOption()
    .argument('[arguments...]')
    .action((argv: readonly string[]) => run(argv));

const program = new Command('gatehouse')
  .description(
    'In the folder of the cdk.json of an app with a Gatehouse in it, or of this repository.',
  )
  .addHelpText('after', '\nEach command has --help.')
  .enablePositionalOptions()
  .addCommand(
    passedOn('start', 'runs it on this computer, without an AWS account', async (argv) =>
      (await import('../local/run-locally.ts')).runLocally(
        { name: 'npx gatehouse start', app: process.cwd() },
        argv,
      ),
    ),
  )
  .addCommand(
    passedOn('new-tool', 'writes a tool and its test', async (argv) =>
      console.log((await import('./new-tool.ts')).newTool(argv, process.cwd())),
    ),
  )
  .addCommand(
    passedOn('import', 'writes a tool for each operation of an OpenAPI document', async (argv) =>
      console.log((await import('./import-openapi.ts')).importOpenapi(argv, process.cwd())),
    ),
  )
  .addCommand(access)
  .addCommand(user)
  .addCommand(doctor)
  .addCommand(audit)
  .addCommand(cost)
  .addCommand(rotateOriginSecret);

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 1;
}
