import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { program } from '../../bin/program.ts';

/** Every command that does something, by what is typed: `user group add`. */
const commandsOf = (command: Command, words: readonly string[] = []): [string[], Command][] =>
  command.commands.flatMap((each) => {
    const typed = [...words, each.name()];
    return each.commands.length === 0 ? [[typed, each]] : commandsOf(each, typed);
  });

/** `start` shares its arguments with `npm start`: test/local/arguments.test.ts. */
const commands = commandsOf(program).filter(([[name]]) => name !== 'start');

/** Those that hold others: `user`, `user group`, and the program itself. */
const groupsOf = (command: Command, words: readonly string[] = []): [string[], Command][] => [
  ...(command.commands.length === 0 ? [] : [[[...words], command] satisfies [string[], Command]]),
  ...command.commands.flatMap((each) => groupsOf(each, [...words, each.name()])),
];
const groups = groupsOf(program);

const written: string[] = [];
const prepare = (command: Command): void => {
  command.exitOverride();
  command.configureOutput({
    writeOut: (text) => written.push(text),
    writeErr: (text) => written.push(text),
  });
  for (const each of command.commands) prepare(each);
};
beforeAll(() => prepare(program));
beforeEach(() => {
  written.length = 0;
});

const type = (...words: readonly string[]) =>
  program.parseAsync(['node', 'gatehouse', ...words]).then(
    () => 'it ran',
    (error: unknown) => String(Object(error).code),
  );

/** Whatever a command's arguments are. */
const filled = ({ registeredArguments }: Command): string[] =>
  registeredArguments.filter(({ required }) => required).map(() => 'x');

describe('every command', () => {
  it('is one of those that the documents name', () => {
    expect(program.commands.map((each) => each.name()).sort()).toEqual(
      expect.arrayContaining(
        ['start', 'new-tool', 'import', 'user', 'doctor', 'cost', 'rotate-origin-secret'].sort(),
      ),
    );
  });

  it.each(commands)(
    '%j explains itself and does nothing, whatever else is typed',
    async (words, command) => {
      for (const flag of ['--help', '-h']) {
        expect(await type(...words, ...filled(command), flag)).toBe('commander.helpDisplayed');
        expect(written.join('')).toContain(`Usage: gatehouse ${words.join(' ')}`);
      }
    },
  );

  it.each(commands)(
    '%j has --json, and refuses a typo with the nearest word',
    async (words, command) => {
      expect(await type(...words, ...filled(command), '--jsno')).toBe('commander.unknownOption');
      expect(written.join('')).toContain('(Did you mean --json?)');
    },
  );

  it.each(commands)(
    '%j refuses each of its options mistyped, with the right one',
    async (words, command) => {
      for (const { long } of command.options) {
        if (long === undefined || long === null) continue;
        written.length = 0;
        const mistyped = `${long.slice(0, -2)}${long.at(-1)}${long.at(-2)}`;
        // Letters that are the same stay so.
        const typo = mistyped === long ? `${long}x` : mistyped;
        expect(await type(...words, ...filled(command), typo)).toBe('commander.unknownOption');
        expect(written.join('')).toContain(`(Did you mean ${long}?)`);
      }
    },
  );

  it.each(commands)(
    '%j names what it was not given, and takes nothing more',
    async (words, command) => {
      const needed = filled(command);
      if (needed.length > 0) expect(await type(...words)).toBe('commander.missingArgument');
      written.length = 0;
      const all = command.registeredArguments.map(() => 'x');
      expect(await type(...words, ...all, 'more')).toBe('commander.excessArguments');
      expect(written.join('').trim().split('\n')).toHaveLength(1);
    },
  );

  it.each(groups)(
    '%j lists its commands, and refuses one mistyped with the nearest',
    async (words, group) => {
      expect(await type(...words, '--help')).toBe('commander.helpDisplayed');
      for (const { name } of group.commands.map((each) => ({ name: each.name() }))) {
        expect(written.join('')).toContain(`  ${name}`);
        const typo = `${name.slice(0, -1)}${name.slice(-1).repeat(2)}`;
        expect([typo, await type(...words, typo)]).toEqual([typo, 'commander.unknownCommand']);
        expect(written.join('')).toContain(`Did you mean ${name}?`);
      }
    },
  );

  it('that is mistyped is refused with the nearest', async () => {
    expect(await type('doctr')).toBe('commander.unknownCommand');
    expect(written.join('')).toContain('(Did you mean doctor?)');
    expect(await type('user', 'inviet', 'a@example.com')).toBe('commander.unknownCommand');
    expect(written.join('')).toContain('(Did you mean invite?)');
  });

  it('of users has its permissions in the runbook', () => {
    const [, table = ''] =
      /## Users and logins\n([\s\S]*?)\n## /.exec(
        readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'runbook.md'), 'utf8'),
      ) ?? [];
    const rows = table.split('\n').filter((line) => line.startsWith('|'));
    const listed = rows.flatMap((row) =>
      Array.from((row.split('|')[1] ?? '').matchAll(/`([\w-]+)`/g), ([, name]) => name),
    );
    const users = program.commands.find((each) => each.name() === 'user')?.commands ?? [];
    expect(listed.toSorted()).toEqual(users.map((each) => each.name()).toSorted());
  });

  it('that cannot be undone has --yes', () => {
    const asking = commands
      .filter(([, { options }]) => options.some(({ long }) => long === '--yes'))
      .map(([words]) => words.join(' '));
    expect(asking).toEqual(['user reset', 'user delete', 'machine secret']);
  });
});
