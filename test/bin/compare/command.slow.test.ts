import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../temporary-folder.ts';
import { type AwsStub, startAwsStub } from '../aws-stub.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const folder = temporaryFolder();
const path = (name: string) => join(folder, name);
const snapshot = path('gatehouse.snapshot.json');

/** What CloudFormation has of the stack Gatehouse-prod, and what is committed beside it. */
let deployed = '';
let committed = '';
let aws: AwsStub;

beforeAll(async () => {
  aws = await startAwsStub(({ input }) =>
    input['StackName'] === 'Gatehouse-prod'
      ? {
          body: `<GetTemplateResponse><GetTemplateResult><TemplateBody>${deployed
            .replaceAll('&', '&amp;')
            .replaceAll('<', '&lt;')
            .replaceAll('"', '&quot;')}</TemplateBody></GetTemplateResult></GetTemplateResponse>`,
        }
      : {
          status: 400,
          body: '<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id X does not exist</Message></Error><RequestId>1</RequestId></ErrorResponse>',
        },
  );
  configure(before);
  await run(app);
  deployed = readFileSync(path('cdk.out/Gatehouse-prod.template.json'), 'utf8');
  committed = readFileSync(snapshot, 'utf8');
});
afterAll(() => aws.stop());
beforeEach(() => {
  configure(before);
  writeFileSync(snapshot, committed);
});

const run = (
  program: string,
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        TMPDIR: process.env['TMPDIR'],
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_REGION: 'eu-west-1',
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_ENDPOINT_URL: aws.url,
        CDK_OUTDIR: path('cdk.out'),
        // CloudFormation's schemas have nothing to do with it, and take half of a synthesis.
        CDK_VALIDATION: 'false',
      },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data) => (stdout += data));
    child.stderr.on('data', (data) => (stderr += data));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
const compare = (...args: readonly string[]) =>
  run(join(root, 'bin', 'command.ts'), 'compare', ...args);

const app = join(root, 'bin', 'gatehouse.ts');
writeFileSync(path('cdk.json'), JSON.stringify({ app: `"${process.execPath}" "${app}"` }));
const configure = (prod: string) =>
  writeFileSync(path('gatehouse.config.ts'), `export default { stages: { prod: { ${prod} } } };`);

const before = `urlMode: 'stage'`;
const after = `urlMode: 'cloudfront'`;

test('what is deployed says whom the next deployment cuts off', async () => {
  const stack = ['--stack', 'Gatehouse-prod'];

  expect(await compare(...stack)).toMatchObject({
    code: 0,
    stdout: 'Gatehouse-prod/Gatehouse: nobody who is connected to Gatehouse-prod is cut off.\n',
  });
  // Nobody committed the snapshot, so that the synthesis writes it anew and refuses nothing.
  rmSync(snapshot);
  configure(after);
  const refused = await compare(...stack, '--json');
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.stdout)).toMatchObject({
    stack: 'Gatehouse-prod',
    gatehouses: [{ refused: [{ kind: 'url' }, { kind: 'issuer' }] }],
  });
  configure(`${after}, allowBreaking: ['url', 'issuer']`);
  expect(await compare(...stack)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/cuts off .*\n {2}allowed {2}url: .*\n {2}allowed {2}issuer: /),
  });
  expect(await compare('--stack', 'Gatehouse-dev')).toMatchObject({
    code: 0,
    stdout: 'There is no stack Gatehouse-dev yet, so nobody is connected to it.\n',
  });
});

test('the committed snapshot says it where no account is asked', async () => {
  rmSync(snapshot);
  expect(await compare()).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('There is no gatehouse.snapshot.json either'),
  });
  writeFileSync(snapshot, committed);
  aws.calls.length = 0;
  expect(await compare()).toMatchObject({
    code: 0,
    stdout:
      'Gatehouse-prod/Gatehouse: nobody who is connected to Gatehouse-prod, as gatehouse.snapshot.json has it, is cut off.\n',
  });
  // The synthesis itself refuses it in this repository.
  configure(after);
  const refused = await compare();
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toMatch(/ERROR url: .* becomes /);
  expect(refused.stderr).not.toMatch(/«|node internals/);
  expect(readFileSync(snapshot, 'utf8')).toBe(committed);
  expect(aws.calls).toEqual([]);
});

test('an app that does not have its syntheses refused is told by the snapshot, too', async () => {
  const source = `import { App, Stack } from 'aws-cdk-lib/core';
import { Gatehouse } from ${JSON.stringify(join(root, 'lib', 'index.ts'))};
const stack = new Stack(new App(), 'Gatehouse-prod');
new Gatehouse(stack, 'Gatehouse', { entry: ${JSON.stringify(join(root, 'lambdas', 'mcp', 'default-server'))}, urlMode: 'cloudfront', stage: 'prod' });
`;
  // In the repository, where the CDK is found.
  const own = join(root, '.local', `compare-${process.pid}.ts`);
  mkdirSync(join(root, '.local'), { recursive: true });
  try {
    writeFileSync(path('cdk.json'), JSON.stringify({ app: `"${process.execPath}" "${own}"` }));
    writeFileSync(own, source);
    const refused = await compare('--json');
    expect([refused.code, JSON.parse(refused.stdout)]).toMatchObject([
      1,
      { gatehouses: [{ refused: [{ kind: 'url' }, { kind: 'issuer' }] }] },
    ]);
  } finally {
    rmSync(own, { force: true });
  }
});
