import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { StartupFailure } from '../failure.ts';
import { type Template, templateSchema } from './template.ts';

const manifestSchema = z.looseObject({
  artifacts: z.record(
    z.string(),
    z.looseObject({
      type: z.string(),
      properties: z.looseObject({ templateFile: z.string().optional() }).optional(),
    }),
  ),
});

const assetsSchema = z.looseObject({
  files: z.record(
    z.string(),
    z.looseObject({
      source: z.looseObject({ path: z.string(), packaging: z.string() }),
      destinations: z.record(z.string(), z.looseObject({ objectKey: z.string() })),
    }),
  ),
});

/** What `cdk synth` left: the stack's template, and where each asset lies. */
export interface Assembly {
  readonly stackName: string;
  readonly template: Template;
  /** The folder of a zipped asset, by the S3 key that the template gives it. */
  readonly assetFolder: (objectKey: string, where: string) => string;
}

const parse = <T>(schema: z.ZodType<T>, path: string, replace: (text: string) => string = (text) => text): T => {
  if (!existsSync(path)) throw new StartupFailure(`${path} is missing: the synthesis did not finish.`);
  const result = schema.safeParse(JSON.parse(replace(readFileSync(path, 'utf8'))));
  if (result.success) return result.data;
  throw new StartupFailure(`${path} is not what the laptop runtime can read:\n${z.prettifyError(result.error)}`);
};

/**
 * Reads a cloud assembly (https://github.com/aws/aws-cdk/tree/main/packages/@aws-cdk/cloud-assembly-schema).
 * @param replace - applied to the template's text before it is parsed (see port.ts).
 */
export const readAssembly = (folder: string, replace: (text: string) => string = (text) => text): Assembly => {
  const manifest = parse(manifestSchema, join(folder, 'manifest.json'));
  const stacks = Object.entries(manifest.artifacts).filter(([, artifact]) => artifact.type === 'aws:cloudformation:stack');
  const [stack, ...others] = stacks;
  if (stack === undefined || others.length > 0) {
    throw new StartupFailure(`The app synthesizes ${stacks.length} stacks; the laptop runtime plays exactly one.`);
  }
  const [stackName, artifact] = stack;
  const template = parse(templateSchema, join(folder, artifact.properties?.templateFile ?? `${stackName}.template.json`), replace);
  const assetsPath = join(folder, `${stackName}.assets.json`);
  const files = existsSync(assetsPath) ? Object.values(parse(assetsSchema, assetsPath).files) : [];
  const folders = new Map(
    files.flatMap((file) =>
      Object.values(file.destinations).map((destination) => [destination.objectKey, join(folder, file.source.path)] as const),
    ),
  );
  return {
    stackName,
    template,
    assetFolder: (objectKey, where) => {
      const found = folders.get(objectKey);
      if (found === undefined) throw new StartupFailure(`${where} names the asset ${objectKey}, which the assembly does not have.`);
      return found;
    },
  };
};
