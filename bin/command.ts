import { UserError } from '../lib/user-error.ts';

const help = `In the folder of the cdk.json of an app with a Gatehouse in it, or of this repository:

  npx gatehouse start                  runs it on this computer, without an AWS account
  npx gatehouse new-tool <name>        writes a tool and its test

Each has --help.`;

/** The package's command. Each part loads what it needs: to write a tool takes no server. */
const run = async ([command, ...argv]: readonly string[]): Promise<void> => {
  if (command === 'start')
    return (await import('../local/run-locally.ts')).runLocally(
      { name: 'npx gatehouse start', app: process.cwd() },
      argv,
    );
  if (command === 'new-tool')
    return console.log((await import('./new-tool.ts')).newTool(argv, process.cwd()));
  if (command === '--help') return console.log(help);
  throw new UserError(command === undefined ? help : `There is no command ${command}.\n\n${help}`);
};

try {
  await run(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 1;
}
