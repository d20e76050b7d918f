import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localContext, readCdkApp } from '../../../local/synthesis/cdk-app.ts';
import { reasonIn, runApp } from '../../../local/synthesis/run-app.ts';
import { synthesizeApp } from '../../../local/synthesis/synthesize-app.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

/** A folder with an app that is a few lines of JavaScript, as far as the local runtime can tell. */
const anApp = (source: string, files: Record<string, unknown> = {}): string => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'app.mjs'), source);
  const all = { 'cdk.json': { app: 'node app.mjs' }, ...files };
  for (const [name, content] of Object.entries(all))
    writeFileSync(
      join(folder, name),
      typeof content === 'string' ? content : JSON.stringify(content),
    );
  return folder;
};

/** Writes what it was given where an assembly would be. */
const recording = `import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
const { CDK_OUTDIR: out, CONTEXT_OVERFLOW_LOCATION_ENV: context, CDK_DEFAULT_REGION: region } = process.env;
mkdirSync(out, { recursive: true });
writeFileSync(out + '/manifest.json', JSON.stringify({ context: JSON.parse(readFileSync(context)), region, node: process.version }));`;

const synthesize = (folder: string, context = {}) =>
  synthesizeApp({ folder, urlMode: 'stage', context });

describe('a CDK app', () => {
  it('is run as its cdk.json says, with its own context, what was looked up, what was typed and what makes it the local runtime’s', async () => {
    const folder = anApp(recording, {
      'cdk.json': {
        app: 'node app.mjs',
        context: { a: 'cdk.json', b: 'cdk.json', c: 'cdk.json', 'gatehouse:local-runtime': 'mine' },
      },
      'cdk.context.json': { b: 'looked up', c: 'looked up' },
    });
    const synthesized = await synthesize(folder, { c: 'typed' });
    const made = JSON.parse(readFileSync(join(synthesized.folder, 'manifest.json'), 'utf8'));
    expect(made).toEqual({
      context: { a: 'cdk.json', b: 'looked up', c: 'typed', ...localContext('stage') },
      region: 'eu-west-1',
      node: process.version,
    });
    await synthesized.stop();
    expect(existsSync(synthesized.folder)).toBe(false);
  });

  it('is ended when it takes too long, though it does not listen', async () => {
    const folder = anApp(
      `process.on('SIGTERM', () => {}); console.log(process.pid); setInterval(() => {}, 1000);`,
    );
    const ended = runApp(
      readCdkApp(folder),
      join(folder, 'cdk.out'),
      {},
      {
        mostMilliseconds: 700,
        graceMilliseconds: 100,
      },
    );
    await expect(ended).rejects.toThrow('was ended: a synthesis may take 0.7 seconds');
  });

  it('is built first, where its cdk.json says so', async () => {
    const folder = anApp('', { 'cdk.json': { build: 'node build.mjs', app: 'node built.mjs' } });
    writeFileSync(
      join(folder, 'build.mjs'),
      `import { writeFileSync } from 'node:fs'; writeFileSync('built.mjs', ${JSON.stringify(recording)});`,
    );
    const app = readCdkApp(folder);
    await runApp(app, join(folder, 'cdk.out'), {});
    expect(existsSync(join(folder, 'cdk.out', 'manifest.json'))).toBe(true);
  });

  it.each([
    [
      'without a cdk.json',
      () => temporaryFolder(),
      /^There is no cdk\.json in \S+: run this in the folder of your CDK app\.$/,
    ],
    [
      'with a cdk.json that is no JSON',
      () => anApp('', { 'cdk.json': '{' }),
      /cdk\.json is not JSON: /,
    ],
    [
      'with a cdk.json that names no app',
      () => anApp('', { 'cdk.json': {} }),
      /cdk\.json does not say how to run the app, as in \{ "app": "node app\.ts" \}/,
    ],
    [
      'that fails',
      () => anApp('throw new RangeError("too far")'),
      /^The app does not synthesize \("node app\.mjs", cdk\.json\): RangeError: too far$/,
    ],
    [
      'that does not exist',
      () => anApp('', { 'cdk.json': { app: 'no-such-program' } }),
      /^The app does not synthesize \("no-such-program".*not found/,
    ],
    [
      'that synthesizes nothing',
      () => anApp(''),
      /^"node app\.mjs" \(cdk\.json\) ended well but synthesized nothing: is there an App/,
    ],
  ])('%s is refused with what to do about it', async (_, folder, message) => {
    await expect(synthesize(folder())).rejects.toThrow(message);
  });

  it('that ends badly has its reason found in what it printed', () => {
    const output =
      'file:///x/lib/bundle.ts:107\n    throw new BundleError(\n          ^\n\nBundleError: The functions do not bundle.\nno such file\n    at build (file:///x)\n\nNode.js v24\n';
    expect(reasonIn(output)).toBe('BundleError: The functions do not bundle.\nno such file');
    expect(
      reasonIn(
        'ERROR url: moved\n[«ValidationFailed» Validation failed.\n    ...node internals]\n',
      ),
    ).toBe('ERROR url: moved');
    expect(reasonIn('')).toBe('the app ended without saying why.');
  });
});
