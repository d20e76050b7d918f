import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import * as z from 'zod';

const root = join(import.meta.dirname, '..', '..');

/** Everything that a template is made of. */
const inputs = [
  'lib',
  'lambdas',
  'policy',
  'examples',
  'cdk.json',
  'package-lock.json',
  'test/judges/configurations.ts',
  'test/judges/example-app.ts',
  'test/judges/write-templates.ts',
] as const;

const value = z.json();
const resource = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), value).default({}),
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
  DependsOn: z.union([z.string(), z.array(z.string())]).optional(),
});
const templateSchema = z.looseObject({
  Resources: z.record(z.string(), resource),
  Outputs: z.record(z.string(), z.looseObject({ Value: value })).default({}),
});
const indexSchema = z.array(
  z.strictObject({
    name: z.string(),
    describedIn: z.string(),
    templates: z.array(
      z.strictObject({ file: z.string(), stack: z.string(), region: z.string().optional() }),
    ),
  }),
);

export type Value = z.infer<typeof value>;
export type TemplateResource = z.infer<typeof resource>;

/** A template, and the configuration that it was synthesized from. */
export interface JudgedTemplate {
  readonly configuration: string;
  readonly stack: string;
  /** @default it can be deployed to any */
  readonly region?: string | undefined;
  readonly resources: Readonly<Record<string, TemplateResource>>;
  readonly outputs: Readonly<Record<string, Value>>;
}

/**
 * The templates of all described configurations. Synthesized by one process for all test files that
 * ask, and again only when something changed that they are made of.
 */
export const templates = (): readonly JudgedTemplate[] => {
  known ??= attempt(readTemplates);
  return known();
};

/** Once a test file, and what went wrong too: the next test would only wait for the same. */
let known: (() => readonly JudgedTemplate[]) | undefined;

const attempt = <T>(run: () => T): (() => T) => {
  try {
    const result = run();
    return () => result;
  } catch (error) {
    return () => {
      throw error;
    };
  }
};

const readTemplates = (): readonly JudgedTemplate[] => {
  const folder = join(root, 'node_modules', '.cache', 'gatehouse-templates', fingerprint());
  while (!existsSync(folder)) if (!inTurn(folder, () => write(folder))) sleep();
  const json = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  return indexSchema.parse(json('index.json')).flatMap(({ name, templates: written }) =>
    written.map(({ file, stack, region }) => {
      const { Resources: resources, Outputs } = templateSchema.parse(json(file));
      const outputs = Object.fromEntries(
        Object.entries(Outputs).map(([output, { Value: shown }]) => [output, shown]),
      );
      return { configuration: name, stack, region, resources, outputs };
    }),
  );
};

/** The template of a configuration that has one stack. */
export const templateOf = (configuration: string): JudgedTemplate => {
  const [found, ...more] = templates().filter((each) => each.configuration === configuration);
  if (found === undefined || more.length > 0)
    throw new Error(`${configuration}: not exactly one template`);
  return found;
};

const fingerprint = (): string => {
  const hash = createHash('sha256').update(process.version);
  for (const path of inputs.flatMap(filesUnder))
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)))
      .update('\0');
  return hash.digest('hex').slice(0, 32);
};

const filesUnder = (path: string): readonly string[] => {
  if (/\.\w+$/.test(path)) return [path];
  return readdirSync(join(root, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
};

/**
 * Does the work unless another process is at the same: two of them took a quarter of a minute each.
 * Returns whether it was this one's turn. The lock of a process that is gone holds nobody up.
 */
const inTurn = (folder: string, work: () => void): boolean => {
  const lock = join(folder, '..', `new-${basename(folder)}.lock`);
  mkdirSync(join(folder, '..'), { recursive: true });
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
  } catch {
    if (!isHeld(lock)) rmSync(lock, { force: true });
    return false;
  }
  try {
    work();
  } finally {
    rmSync(lock, { force: true });
  }
  return true;
};

const isHeld = (lock: string): boolean => {
  try {
    const holder = readFileSync(lock, 'utf8');
    // Between its making and its writing a lock is empty.
    if (holder !== '') process.kill(Number(holder), 0);
    return true;
  } catch {
    return false;
  }
};

const sleep = (): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
};

/** Complete or not at all: another test file may be at the same. */
const write = (folder: string): void => {
  const parent = join(folder, '..');
  mkdirSync(parent, { recursive: true });
  const written = mkdtempSync(join(parent, 'new-'));
  const run = spawnSync(
    process.execPath,
    [join(import.meta.dirname, 'write-templates.ts'), written],
    { encoding: 'utf8', env: { PATH: process.env['PATH'] } },
  );
  if (run.status !== 0) {
    rmSync(written, { recursive: true });
    throw new Error(`The templates could not be synthesized:\n${run.stderr}`);
  }
  try {
    renameSync(written, folder);
  } catch (error) {
    // Another was faster, and its templates are the same.
    rmSync(written, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
  // What was synthesized from other sources serves nobody any more.
  for (const name of readdirSync(parent))
    if (!name.startsWith('new-') && name !== basename(folder))
      rmSync(join(parent, name), { recursive: true, force: true });
};
