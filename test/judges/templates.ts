import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod';
import { inTurn } from '../in-turn.ts';

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
  'test/lib/test-app.ts',
] as const;

/** What JSON holds; it has been read from a file, so that nobody looks through it again. */
const value = z.custom<z.core.util.JSONType>();
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
  Conditions: z.record(z.string(), value).default({}),
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
export type WholeTemplate = z.infer<typeof templateSchema>;

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

/** The templates of all described configurations as CloudFormation takes them, by their files. */
export const wholeTemplates = (): ReadonlyMap<string, WholeTemplate> => {
  const folder = templatesFolder();
  return new Map(
    indexOf(folder)
      .flatMap((each) => each.templates)
      .map(({ file }) => [file, templateSchema.parse(jsonOf(folder, file))]),
  );
};

const readTemplates = (): readonly JudgedTemplate[] => {
  const folder = templatesFolder();
  return indexOf(folder).flatMap(({ name, templates: written }) =>
    written.map(({ file, stack, region }) => {
      const { Resources: resources, Outputs } = templateSchema.parse(jsonOf(folder, file));
      const outputs = Object.fromEntries(
        Object.entries(Outputs).map(([output, { Value: shown }]) => [output, shown]),
      );
      return { configuration: name, stack, region, resources, outputs };
    }),
  );
};

const templatesFolder = (): string => {
  const folder = join(root, 'node_modules', '.cache', 'gatehouse-templates', fingerprint());
  inTurn(folder, () => write(folder));
  return folder;
};

const jsonOf = (folder: string, file: string): unknown =>
  JSON.parse(readFileSync(join(folder, file), 'utf8'));

const indexOf = (folder: string) => indexSchema.parse(jsonOf(folder, 'index.json'));

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

/** Complete or not at all: whoever looks meanwhile finds nothing. */
const write = (folder: string): void => {
  const parent = dirname(folder);
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
  renameSync(written, folder);
  // What was synthesized from other sources serves nobody any more.
  for (const name of readdirSync(parent))
    if (!name.startsWith('new-') && name !== basename(folder))
      rmSync(join(parent, name), { recursive: true, force: true });
};
