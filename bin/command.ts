import { UserError } from '../lib/user-error.ts';

const help = `For a CDK app with a Gatehouse in it, in the folder of its cdk.json:

  npx gatehouse start                  runs it on this computer, without an AWS account
  npx gatehouse new-tool <name>        writes a tool

Each has --help.`;

/** The package's command. Each part loads what it needs: to write a tool takes no server. */
const run = async ([command, ...argv]: readonly string[]): Promise<void> => {
  if (command === 'start')
    return (await import('../local/run-locally.ts')).runLocally(
      { name: 'npx gatehouse start', app: process.cwd() },
      argv,
    );
  if (command === 'new-tool')
    return console.log((await import('./new-tool-in-app.ts')).newToolInApp(argv, process.cwd()));
  if (command === '--help') return console.log(help);
  throw new UserError(command === undefined ? help : `There is no command ${command}.\n\n${help}`);
};

try {
  await run(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 1;
}
