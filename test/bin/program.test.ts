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
    expect(asking).toEqual(expect.arrayContaining(['user reset', 'user delete']));
  });
});
