import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { localRuntime } from '../../policy/local-runtime.ts';
import { StartupFailure } from '../failure.ts';
import { type Deployment, deploymentIn } from './deployment.ts';
import { type LooseTemplate, looseTemplateSchema } from './template.ts';

const metadataSchema = z.record(
  z.string(),
  z.array(z.looseObject({ type: z.string(), data: z.unknown() })),
);

const folderNames = z.array(z.string());

const manifestSchema = z.looseObject({
  artifacts: z.record(
    z.string(),
    z.looseObject({
      type: z.string(),
      environment: z.string().optional(),
      metadata: metadataSchema.optional(),
      additionalMetadataFile: z.string().optional(),
      properties: z
        .looseObject({
          templateFile: z.string().optional(),
          stackName: z.string().optional(),
          directoryName: z.string().optional(),
        })
        .default({}),
    }),
  ),
});

type Artifact = z.infer<typeof manifestSchema>['artifacts'][string];

const assetsSchema = z.looseObject({
  files: z.record(
    z.string(),
    z.looseObject({
      source: z.looseObject({ path: z.string(), packaging: z.string() }),
      destinations: z.record(z.string(), z.looseObject({ objectKey: z.string() })),
    }),
  ),
});

/** One stack of what `cdk synth` left. */
export interface AssemblyStack {
  /** `aws://{account}/{region}`, each of them `unknown-…` where the app leaves it open. */
  readonly environment?: string | undefined;
  readonly deployment: Deployment;
  /**
   * The folder that it stands in: a stage of the app has one of its own, and refers to nothing
   * outside.
   */
  readonly folder: string;
  readonly template: LooseTemplate;
  /**
   * Constructs by logical id: where each resource stands in the app. A nested stack's are among
   * them.
   */
  readonly constructs: ReadonlyMap<string, readonly string[]>;
  /** Constructs that are a Gatehouse. */
  readonly gatehouses: readonly string[];
  /** The folders of each Gatehouse's definitions, by the path of its construct. */
  readonly sources: ReadonlyMap<string, readonly string[]>;
  /** The folder of a zipped asset, by the S3 key that the template gives it. */
  readonly assetFolder: (objectKey: string, where: string) => string;
}

const parse = <T>(
  schema: z.ZodType<T>,
  path: string,
  replace: (text: string) => string = (text) => text,
): T => {
  if (!existsSync(path))
    throw new StartupFailure(`${path} is missing: the synthesis did not finish.`);
  const result = schema.safeParse(JSON.parse(replace(readFileSync(path, 'utf8'))));
  if (result.success) return result.data;
  throw new StartupFailure(
    `${path} is not what the local runtime can read:\n${z.prettifyError(result.error)}`,
  );
};

/**
 * Reads a cloud assembly
 * (https://github.com/aws/aws-cdk/tree/main/packages/@aws-cdk/cloud-assembly-schema): every stack
 * of the app.
 * @param replace - applied to each template's text before it is parsed (see port.ts).
 */
export const readAssembly = (
  folder: string,
  replace: (text: string) => string = (text) => text,
): readonly AssemblyStack[] =>
  Object.entries(parse(manifestSchema, join(folder, 'manifest.json')).artifacts).flatMap(
    ([id, artifact]) => {
      if (artifact.type === 'cdk:cloud-assembly')
        return readAssembly(join(folder, artifact.properties.directoryName ?? id), replace);
      return artifact.type === 'aws:cloudformation:stack'
        ? [readStack(folder, id, artifact, replace)]
        : [];
    },
  );

const readStack = (
  folder: string,
  id: string,
  artifact: Artifact,
  replace: (text: string) => string,
): AssemblyStack => {
  const { additionalMetadataFile: file, properties } = artifact;
  const metadata = {
    ...artifact.metadata,
    ...(file !== undefined && parse(metadataSchema, join(folder, file))),
  };
  const entries = Object.entries(metadata).flatMap(([path, all]) =>
    all.map((entry) => ({ ...entry, construct: path.replace(/^\//, '') })),
  );
  const constructs = new Map<string, string[]>();
  for (const { type, data, construct } of entries)
    if (type === 'aws:cdk:logicalId' && typeof data === 'string')
      constructs.set(data, [...(constructs.get(data) ?? []), construct]);
  return {
    environment: artifact.environment,
    deployment: deploymentIn(artifact.environment, properties.stackName ?? id),
    folder,
    template: parse(
      looseTemplateSchema,
      join(folder, properties.templateFile ?? `${id}.template.json`),
      replace,
    ),
    constructs,
    sources: new Map(
      entries
        .filter(({ type }) => type === localRuntime.sourcesType)
        .map(({ construct, data }) => [construct, folderNames.parse(data)]),
    ),
    gatehouses: entries
      .filter(({ type }) => type === localRuntime.metadataType)
      .map(({ construct }) => construct),
    assetFolder: assetFolders(folder, join(folder, `${id}.assets.json`)),
  };
};

const assetFolders = (folder: string, path: string): AssemblyStack['assetFolder'] => {
  const files = existsSync(path) ? Object.values(parse(assetsSchema, path).files) : [];
  const folders = new Map(
    files.flatMap((file) =>
      Object.values(file.destinations).map(
        (destination) => [destination.objectKey, join(folder, file.source.path)] as const,
      ),
    ),
  );
  return (objectKey, where) => {
    const found = folders.get(objectKey);
    if (found === undefined)
      throw new StartupFailure(
        `${where} names the asset ${objectKey}, which the assembly does not have.`,
      );
    return found;
  };
};
