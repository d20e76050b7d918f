import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { program } from '../../bin/program.ts';
import { filesUnder } from './tracked-files.ts';
import { faultsOf, readWorkflow, stepsOf } from './workflows.ts';

const workflows = filesUnder('.github/workflows').map(readWorkflow);
const scripts = workflows.flatMap((each) =>
  stepsOf(each).flatMap(({ run }) => (run === undefined ? [] : [[each.path, run] as const])),
);

/** What is typed of `gatehouse`, a line each, in words. */
const typed = scripts.flatMap(([path, run]) =>
  Array.from(run.matchAll(/npx --no-install gatehouse (.+)$/gm), ([, line = '']) => ({
    path,
    words: line.split(' '),
  })),
);

const commandOf = (words: readonly string[]): Command | undefined =>
  program.commands.find((each) => each.name() === words[0]);

describe('the workflows', () => {
  test('are pinned, keep no secret and no more permission than they need', () => {
    expect(workflows.length).toBeGreaterThanOrEqual(5);
    expect(workflows.flatMap(faultsOf)).toEqual([]);
  });

  test('call workflows that are there', () => {
    const called = workflows.flatMap(({ content }) =>
      Object.values(content.jobs).flatMap(({ uses }) => uses ?? []),
    );
    expect(called.length).toBeGreaterThan(0);
    for (const path of called) expect(existsSync(path)).toBe(true);
  });

  test.each(scripts)('%s: the shell takes %j', (_, input) => {
    expect(spawnSync('/bin/bash', ['-n'], { input, encoding: 'utf8' }).stderr).toBe('');
  });

  test('type commands and options of ours that there are', () => {
    expect(typed.length).toBeGreaterThan(6);
    for (const { path, words } of typed) {
      const command = commandOf(words);
      const known = command?.options.map(({ long }) => long) ?? [];
      const options = words.filter((word) => word.startsWith('--'));
      expect([path, command?.name(), options.filter((each) => !known.includes(each))]).toEqual([
        path,
        words[0],
        [],
      ]);
    }
  });

  test('look before they deploy, and afterwards', () => {
    const stage = workflows.find(({ path }) => path.endsWith('/stage.yml'));
    const order = (stage === undefined ? [] : stepsOf(stage)).flatMap(
      ({ run = '' }) => /(gatehouse|cdk) (\w+)( --before)?/.exec(run)?.[0] ?? [],
    );
    expect(order).toEqual([
      'gatehouse doctor --before',
      'gatehouse compare',
      'cdk diff',
      'cdk deploy',
      'gatehouse doctor',
    ]);
  });
});

test('what a workflow may not do is found', () => {
  const text = `
permissions: { contents: write }
jobs:
  deploy:
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-node@2028fbc5c25fe9cf00d9f06a71cc4710d4507903
      - run: echo \${{ github.event.issue.title }}
        env:
          KEY: \${{ secrets.AWS_SECRET_ACCESS_KEY }}
`;
  expect(faultsOf(readWorkflow({ path: 'a.yml', text }))).toEqual([
    'a.yml: actions/checkout@v5 is pinned to no commit',
    expect.stringContaining('does not say which version it is'),
    "a.yml: a checkout keeps GitHub's token where scripts can read it",
    'a.yml: every job may write contents',
    expect.stringContaining('an expression stands in a script'),
    'a.yml: a secret is kept at GitHub',
  ]);
});
