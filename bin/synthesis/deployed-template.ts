import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { UserError } from '../../lib/user-error.ts';
import { messageOf } from '../../local/failure.ts';
import { synthesizeWith } from '../../local/synthesis/synthesize-app.ts';
import { type AssemblyStack, readAssembly } from '../../local/template/assembly.ts';
import { withProgress } from '../terminal/progress.ts';

const resource = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});
const resourceList = z.record(z.string(), resource);

/** A stack with a Gatehouse in it, as `cdk deploy` would deploy it. */
export interface DeployedTemplate {
  readonly stack: string;
  /** Where the app says so. */
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  readonly resources: z.infer<typeof resourceList>;
  /** As it was synthesized, with all its sections. */
  readonly template?: object;
  /** What rule packs said of the app; undefined where it runs none. */
  readonly validationReport?: unknown;
  /** Name of the parameter that holds the version of the bootstrap stack. */
  readonly bootstrapParameter?: string | undefined;
}

export interface Choice {
  /** Of gatehouse.config.ts. */
  readonly stage?: string | undefined;
  /** The stack, where the app has several with a Gatehouse. */
  readonly stack?: string | undefined;
}

/**
 * Synthesizes the app of a folder and finds its Gatehouse.
 * @throws UserError with the app's own words, or with the names to choose from
 */
export const deployedTemplate = async (
  folder: string,
  { stage, stack }: Choice,
): Promise<DeployedTemplate> => {
  const synthesis = await withProgress('Synthesizing the app', () =>
    synthesizeWith(folder, stage === undefined ? {} : { stage }),
  ).catch((error: unknown) => {
    throw new UserError(messageOf(error));
  });
  try {
    const found = readAssembly(synthesis.folder)
      .map((each) => templateOf(each, validationReportIn(synthesis.folder)))
      .filter(holdsGatehouse)
      .filter((each) => stack === undefined || each.stack === stack);
    const [only, ...more] = found;
    if (only === undefined)
      throw new UserError(
        stack === undefined
          ? `No stack of the app in ${folder} has a Gatehouse.`
          : `The app in ${folder} has no stack ${stack} with a Gatehouse.`,
      );
    if (more.length > 0)
      throw new UserError(
        `Several stacks have a Gatehouse: name one with --stack ${found.map((each) => each.stack).join(' or --stack ')}.`,
      );
    return only;
  } finally {
    await synthesis.stop();
  }
};

const parameters = z.looseObject({
  Parameters: z.looseObject({
    BootstrapVersion: z.looseObject({ Default: z.string() }),
  }),
});

const templateOf = (
  { environment, deployment, template }: AssemblyStack,
  validationReport: unknown,
): DeployedTemplate => ({
  stack: deployment.stackName,
  account: /^aws:\/\/(\d{12})\//.exec(environment ?? '')?.[1],
  region: /^aws:\/\/[^/]+\/(?!unknown-)(.+)$/.exec(environment ?? '')?.[1],
  bootstrapParameter: parameters.safeParse(template).data?.Parameters.BootstrapVersion.Default,
  resources: resourceList.parse(template.Resources),
  template,
  validationReport,
});

/** The CDK writes it where an app has validation plugins. */
const validationReportIn = (folder: string): unknown => {
  const file = join(folder, 'validation-report.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
};

const holdsGatehouse = ({ resources }: DeployedTemplate): boolean =>
  Object.values(resources).some(
    ({ Type, Properties }) =>
      Type === 'AWS::Lambda::Function' && Properties['Description'] === 'Gatehouse mcp',
  );
