import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { operatorDocuments, shellBlocks } from './documents.ts';
import { typed } from './typed.ts';

// Holds every call of the AWS CLI in the documents to the AWS CLI, where it is installed: services,
// operations, parameters and queries. It checks all of them before it connects, and is told to
// connect to a port of this computer that nobody listens on.

const closed = [
  '--region',
  'eu-west-1',
  '--no-sign-request',
  '--endpoint-url',
  'http://127.0.0.1:1',
];

const calls = operatorDocuments
  .flatMap((document) => typed(shellBlocks(document)).calls)
  .filter(({ program }) => program === 'aws');
// A file that the reader is told to write first is read before the parameters are looked at.
const folder = mkdtempSync(join(tmpdir(), 'aws-cli-'));
for (const [, name = ''] of calls.flatMap(({ args }) => [
  ...args.join(' ').matchAll(/\bfileb?:\/\/([\w.-]+)/g),
]))
  writeFileSync(join(folder, name), '{}');

const options = {
  cwd: folder,
  encoding: 'utf8',
  env: { PATH: process.env['PATH'], HOME: process.env['HOME'], AWS_MAX_ATTEMPTS: '1' },
} as const;

/** What each call wrote to stderr; undefined where the CLI is no library of this computer's Python. */
const inOneProcess = (typedArguments: readonly string[][]): readonly string[] | undefined => {
  const input = JSON.stringify(typedArguments);
  const script = join(import.meta.dirname, 'aws-cli.py');
  const { status, stdout, stderr } = spawnSync('python3', [script], { ...options, input });
  if (status === 0)
    return z.array(z.string()).length(typedArguments.length).parse(JSON.parse(stdout));
  if (status === null || stderr.includes('ModuleNotFoundError')) return undefined;
  throw new Error(stderr);
};

const judged = calls.map(({ args }) => [...args, ...closed]);
const errors = inOneProcess(judged) ?? judged.map((each) => spawnSync('aws', each, options).stderr);
const findings = errors.flatMap((stderr, index) =>
  stderr.includes('Could not connect to the endpoint URL')
    ? []
    : [`aws ${calls[index]?.args.join(' ')}\n${stderr.trim().split('\n').at(-1)}`],
);
rmSync(folder, { recursive: true });
for (const finding of findings) console.error(finding);
console.log(`AWS CLI: ${calls.length} calls judged, ${findings.length} findings`);
if (findings.length > 0 || calls.length === 0) process.exitCode = 1;
