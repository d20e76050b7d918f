import { spawnSync } from 'node:child_process';
import * as cloudformation from '@aws-sdk/client-cloudformation';
import * as cognito from '@aws-sdk/client-cognito-identity-provider';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import { filesUnder } from '../repository/tracked-files.ts';
import { expectations, operatorDocuments, shellBlocks } from './documents.ts';
import { typed } from './typed.ts';

const blocks = operatorDocuments.flatMap(shellBlocks);

/** Where the operations are known here; `.ci/run` holds every call to the AWS CLI itself. */
const clients: Readonly<Record<string, object>> = {
  cloudformation,
  'cognito-idp': cognito,
  dynamodb,
};

const commandOf = (operation: string): string =>
  `${operation.replaceAll(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase())}Command`;

test.each(blocks.map(({ document, line, text }) => [`${document}:${line}`, text] as const))(
  'the shell takes the block at %s',
  (_, input) => {
    expect(spawnSync('/bin/bash', ['-n'], { input, encoding: 'utf8' }).stderr).toBe('');
  },
);

test('a block that the shell does not take is found', () => {
  const input = `curl -H "x: $(head -c 1 /dev/zero | tr '\\0' x"`;
  expect(spawnSync('/bin/bash', ['-n'], { input, encoding: 'utf8' }).status).not.toBe(0);
});

describe('the commands of the documents', () => {
  const { stderr, calls } = typed(blocks);

  test('run from the first line to the last', () => {
    expect(stderr).toBe('');
    expect(calls.length).toBeGreaterThan(40);
    console.info(`${operatorDocuments.join(', ')}: ${calls.length} commands were typed`);
  });

  test('leave no argument empty, and no place to fill in', () => {
    for (const { program, args } of calls)
      for (const argument of args)
        expect(`${program} ${argument}`).toMatch(/^\S+ (?!.*(…|<\w+>)).+/s);
  });

  test('name operations that AWS has', () => {
    const known = calls.filter(
      ({ program, args: [service = '', operation] }) =>
        program === 'aws' && service in clients && operation !== 'wait',
    );
    expect(known.length).toBeGreaterThan(10);
    for (const {
      args: [service = '', operation = ''],
    } of known)
      expect(Object.keys(clients[service] ?? {})).toContain(commandOf(operation));
  });

  test('make the first user by the command that verifies the address, and by no other', () => {
    const typed = calls.map(({ program, args }) => [program, ...args].join(' '));
    expect(typed.filter((each) => each.startsWith('npx gatehouse user invite'))).toHaveLength(1);
    expect(typed.filter((each) => each.includes('admin-create-user'))).toEqual([]);
  });

  test('begin the checks with a login', () => {
    const operations = calls.map(({ program, args }) => `${program} ${args[0]} ${args[1]}`);
    // Without a URL it looks at the account, before anything is deployed.
    const doctorAfter = calls.findIndex(
      ({ program, args }) => program === 'npx' && args[1] === 'doctor' && args[2] !== undefined,
    );
    expect(doctorAfter).toBeGreaterThan(0);
    expect(operations.indexOf('claude mcp add')).toBeLessThan(doctorAfter);
  });

  test('say of most requests what is answered', () => {
    expect(expectations('docs/first-deploy.md').length).toBeGreaterThanOrEqual(9);
  });
});

test('the threat model says who can read the origin secret', () => {
  const model = filesUnder('docs/threat-model.md')
    .map(({ text }) => text)
    .join('');
  for (const permission of ['cloudfront:GetDistributionConfig', 'wafv2:GetWebACL'])
    expect(model).toContain(permission);
});
