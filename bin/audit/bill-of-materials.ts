import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { messageOf } from '../../local/failure.ts';

const component = z.looseObject({
  'bom-ref': z.string(),
  name: z.string(),
  version: z.string().default(''),
  licenses: z
    .array(
      z.looseObject({
        license: z
          .looseObject({ id: z.string().optional(), name: z.string().optional() })
          .optional(),
        expression: z.string().optional(),
      }),
    )
    .default([]),
  properties: z.array(z.looseObject({ name: z.string() })).default([]),
});

const document = z.looseObject({
  bomFormat: z.literal('CycloneDX'),
  metadata: z.looseObject({
    component: z.looseObject({ 'bom-ref': z.string(), name: z.string() }),
  }),
  components: z.array(component).default([]),
  dependencies: z
    .array(z.looseObject({ ref: z.string(), dependsOn: z.array(z.string()).default([]) }))
    .default([]),
});
type Document = z.infer<typeof document>;

const names = z.record(z.string(), z.string()).default({});
const manifest = z.looseObject({
  name: z.string().optional(),
  dependencies: names,
  optionalDependencies: names,
  peerDependencies: names,
});

export interface Package {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
}

export interface BillOfMaterials {
  /** CycloneDX, as npm writes it. */
  readonly document: unknown;
  readonly packages: readonly Package[];
  /** Why there is none. */
  readonly fault?: string;
}

/** npm can take a while, and must not hang. */
const mostMilliseconds = 120_000;
const mostBytes = 64 * 1024 * 1024;

/** What the app depends on where it is deployed, by its lockfile. */
export const billOfMaterials = (folder: string): BillOfMaterials => {
  try {
    const written = execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx'], {
      cwd: folder,
      // Below `npm run --silent` it would not say why it fails.
      env: { ...process.env, npm_config_loglevel: 'error' },
      encoding: 'utf8',
      timeout: mostMilliseconds,
      maxBuffer: mostBytes,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const bill = deployedPart(
      JSON.parse(written),
      JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')),
    );
    return { document: bill, packages: bill.components.map(packageOf) };
  } catch (error) {
    return { document: undefined, packages: [], fault: reasonOf(error) };
  }
};

const marksDevelopment = 'cdx:npm:package:development';

/**
 * What is reached from the dependencies of the app itself. `npm sbom --omit dev` leaves out whatever
 * a tool of development depends on as well, bundled or not; and a peer is bundled with the rest.
 * @throws ZodError for what is no bill or no package.json
 */
export const deployedPart = (written: unknown, itsManifest: unknown): Document => {
  const whole = document.parse(written);
  const { name, dependencies, optionalDependencies, peerDependencies } =
    manifest.parse(itsManifest);
  const direct = { ...dependencies, ...optionalDependencies, ...peerDependencies };
  const { component: root } = whole.metadata;
  const nameOf = new Map(whole.components.map((each) => [each['bom-ref'], each.name]));
  const dependsOn = new Map(whole.dependencies.map((each) => [each.ref, each.dependsOn]));
  const rootDependsOn = (dependsOn.get(root['bom-ref']) ?? []).filter((ref) =>
    Object.hasOwn(direct, nameOf.get(ref) ?? ''),
  );
  const reached = new Set<string>();
  const waiting = [...rootDependsOn];
  for (let ref = waiting.pop(); ref !== undefined; ref = waiting.pop()) {
    if (reached.has(ref)) continue;
    reached.add(ref);
    waiting.push(...(dependsOn.get(ref) ?? []));
  }
  return {
    ...whole,
    // npm names the folder, which may be anything.
    metadata: { ...whole.metadata, component: { ...root, name: name ?? root.name } },
    components: whole.components
      .filter((each) => reached.has(each['bom-ref']))
      .map((each) => ({
        ...each,
        properties: each.properties.filter((property) => property.name !== marksDevelopment),
      })),
    dependencies: whole.dependencies.flatMap((each) => {
      if (each.ref === root['bom-ref']) return [{ ...each, dependsOn: rootDependsOn }];
      return reached.has(each.ref) ? [each] : [];
    }),
  };
};

const packageOf = ({ name, version, licenses }: z.infer<typeof component>): Package => ({
  name,
  version,
  licence:
    licenses
      .map(({ license, expression }) => license?.id ?? license?.name ?? expression ?? '')
      .filter((each) => each !== '')
      .join(', ') || 'not said',
});

const failedCommand = z.looseObject({ stderr: z.string() });

/** npm's own words, where it has any: the message of a failed command is the command. */
const reasonOf = (error: unknown): string => {
  const written = failedCommand.safeParse(error).data?.stderr ?? '';
  const [said] = Array.from(
    written.matchAll(/^npm error (?!code |A complete log)(.+)$/gm),
    ([, words]) => words,
  );
  return said ?? messageOf(error).split('\n', 1)[0] ?? '';
};
