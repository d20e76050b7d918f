import { Command } from 'commander';
import { withTarget } from '../target/options.ts';
import { confirm } from '../terminal/confirm.ts';
import { type Outcome, printOutcome } from '../terminal/outcome.ts';
import { withProgress } from '../terminal/progress.ts';
import type { Users, userActions } from './actions.ts';

type Actions = typeof userActions;
type Options = Readonly<Record<string, unknown>>;

interface UserCommand {
  /** With its arguments, as commander reads them. */
  readonly usage: string;
  readonly description: string;
  readonly options?: readonly (readonly [flags: string, description: string])[];
  /** Asked first, of what cannot be undone. `$` stands for the user. */
  readonly question?: string;
  readonly run: (
    actions: Actions,
    users: Users,
    args: readonly (string | undefined)[],
    options: Options,
  ) => Promise<Outcome>;
}

const commands: readonly UserCommand[] = [
  {
    usage: 'invite <email>',
    description:
      'makes a user, whose address counts as verified, and has Cognito send a temporary password',
    options: [['--resend', 'sends it again to somebody who has not logged in yet']],
    run: (actions, users, [email = ''], options) =>
      actions.invite(users, email, { resend: options['resend'] === true }),
  },
  {
    usage: 'list',
    description: 'lists the users, and who is blocked',
    options: [['--blocked', 'only those']],
    run: (actions, users, _, options) =>
      actions.list(users, { blocked: options['blocked'] === true }),
  },
  {
    usage: 'show <user>',
    description:
      'shows status, groups, use of the limits, and each grant: client, since when, last use',
    run: (actions, users, [user = '']) => actions.show(users, user),
  },
  {
    usage: 'reset <user>',
    description:
      'ends the password, and has Cognito send a code for a new one; signs out everywhere',
    question: 'The password of $ will no longer work.',
    run: (actions, users, [user = '']) => actions.reset(users, user),
  },
  {
    usage: 'block <user>',
    description: 'refuses their next call, refresh and login',
    run: (actions, users, [user = '']) => actions.block(users, user),
  },
  {
    usage: 'unblock <user>',
    description: 'lets them log in again; nothing from before works',
    run: (actions, users, [user = '']) => actions.unblock(users, user),
  },
  {
    usage: 'limit <user>',
    description: 'gives them a limit of their own, in place of everybody’s and their groups’',
    options: [
      ['--per-minute <calls>', 'the most calls in a minute'],
      ['--per-hour <calls>', 'the most calls in an hour'],
      ['--lift', 'takes their own limit away'],
    ],
    run: (actions, users, [user = ''], options) =>
      actions.limit(users, user, {
        perMinute: options['perMinute'],
        perHour: options['perHour'],
        lift: options['lift'] === true,
      }),
  },
  {
    usage: 'sign-out <user> [grant]',
    description: 'ends one grant (as "show" names it), or all of them',
    run: (actions, users, [user = '', grant]) => actions.signOut(users, user, grant),
  },
  {
    usage: 'delete <user>',
    description: 'signs them out and removes them from the user pool',
    question: '$ will be removed from the user pool.',
    run: (actions, users, [user = '']) => actions.remove(users, user),
  },
];

const groupCommands: readonly UserCommand[] = [
  {
    usage: 'list',
    description: 'lists the groups of the user pool',
    run: (actions, users) => actions.groupList(users),
  },
  {
    usage: 'create <group>',
    description: 'makes a group by hand, where no configuration does',
    run: (actions, users, [group = '']) => actions.groupCreate(users, group),
  },
  {
    usage: 'add <user> <group>',
    description: 'puts a user into a group of the user pool',
    run: (actions, users, [user = '', group = '']) => actions.groupAdd(users, user, group),
  },
  {
    usage: 'remove <user> <group>',
    description: 'takes a user out of a group',
    run: (actions, users, [user = '', group = '']) => actions.groupRemove(users, user, group),
  },
];

const made = ({ usage, description, options = [], question, run }: UserCommand): Command => {
  const [name = '', ...args] = usage.split(' ');
  const command = withTarget(new Command(name).description(description));
  for (const argument of args) command.argument(argument, meanings[argument]);
  for (const [flags, words] of options) command.option(flags, words);
  if (question !== undefined) command.option('--yes', 'does not ask');
  return command.option('--json', 'one line of JSON').action(async () => {
    const given: Options = command.opts();
    const [user] = command.args;
    if (question !== undefined)
      await confirm(question.replace('$', user ?? ''), given['yes'] === true);
    const [{ userActions: actions }, { targetOf }, { userPoolOf }] = await Promise.all([
      import('./actions.ts'),
      import('../target/find.ts'),
      import('./cognito.ts'),
    ]);
    const target = await targetOf(given);
    const users = { target, pool: userPoolOf(target.aws, target.userPool), now: new Date() };
    const outcome = await withProgress(`Working (${usage})`, () =>
      run(actions, users, command.args, given),
    );
    printOutcome(outcome, given['json'] === true);
  });
};

const meanings: Readonly<Record<string, string>> = {
  '<user>': 'their email address, or their sub',
  '[grant]': 'an id that "show" lists',
};

/** `gatehouse user`: what an operator does with a person. */
export const user = new Command('user').description(
  'invites, lists, blocks and signs out users; no deployment is needed',
);
for (const each of commands) user.addCommand(made(each));
const group = new Command('group').description('changes the groups of a user');
for (const each of groupCommands) group.addCommand(made(each));
user.addCommand(group);
