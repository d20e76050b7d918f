import { Command } from 'commander';
import { withTarget } from '../target/options.ts';
import { confirm } from '../terminal/confirm.ts';
import { type Outcome, printOutcome } from '../terminal/outcome.ts';
import { withProgress } from '../terminal/progress.ts';
import type { Machines, machineActions } from './actions.ts';

type Options = Readonly<Record<string, unknown>>;

const made = (
  command: Command,
  run: (
    actions: typeof machineActions,
    machines: Machines,
    name: string,
    options: Options,
  ) => Promise<Outcome>,
): Command =>
  withTarget(command)
    .option('--json', 'one line of JSON')
    .action(async () => {
      const given: Options = command.opts();
      if (given['endPrevious'] === true)
        await confirm(
          `Whatever still uses the older secret of ${command.args[0] ?? ''} will be refused.`,
          given['yes'] === true,
        );
      const [{ machineActions: actions }, { targetOf }, { machinePoolOf }] = await Promise.all([
        import('./actions.ts'),
        import('../target/find.ts'),
        import('./cognito.ts'),
      ]);
      const target = await targetOf(given);
      const machines = {
        target,
        pool: machinePoolOf(target.aws, target.userPool),
        now: new Date(),
      };
      const outcome = await withProgress(`Working (machine ${command.name()})`, () =>
        run(actions, machines, command.args[0] ?? '', given),
      );
      printOutcome(outcome, given['json'] === true);
    });

const machineName = 'its name in the configuration';

/** `gatehouse machine`: what an operator does with a program that calls as itself. */
export const machine = new Command('machine').description(
  'lists and blocks the programs that call as themselves, and gives them secrets',
);
machine.addCommand(
  made(new Command('list').description('lists them, with their client ids'), (actions, machines) =>
    actions.list(machines),
  ),
);
machine.addCommand(
  made(
    new Command('secret')
      .description('makes a secret, beside the one in use; or ends the older of two')
      .argument('<machine>', machineName)
      .option('--end-previous', 'ends the older secret')
      .option('--yes', 'does not ask'),
    (actions, machines, name, options) =>
      options['endPrevious'] === true
        ? actions.endPrevious(machines, name)
        : actions.secret(machines, name),
  ),
);
machine.addCommand(
  made(
    new Command('block')
      .description('refuses its next call and its next token')
      .argument('<machine>', machineName),
    (actions, machines, name) => actions.block(machines, name),
  ),
);
machine.addCommand(
  made(
    new Command('unblock')
      .description('lets it call again; nothing from before works')
      .argument('<machine>', machineName),
    (actions, machines, name) => actions.unblock(machines, name),
  ),
);
