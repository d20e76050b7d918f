import { statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { endpoints } from '../policy/endpoints.ts';
import { timeouts } from '../policy/limits.ts';
import { toolSecrets } from '../policy/tool-secrets.ts';
import type { BundlingOptions } from './bundle/build.ts';
import type { ImportEnvironment } from './bundle/manifest-process.ts';
import type { ClientLimitsMode } from './client-limits.ts';
import { ConfigurationError } from './configuration.ts';
import { everyFunctionReads, functionTable } from './function-table.ts';

/** A secret of CDK's, as far as it is needed: the whole type does not hold under strict settings. */
export type ReadableSecret = Pick<ISecret, 'secretArn' | 'grantRead'>;

/** What the tools need of the function that runs them. */
export interface ToolSettings {
  /**
   * Environment variables, which tools read by `process.env['ORDERS_TABLE']`. Names are capital
   * letters, digits and underscores; values may be CDK tokens (`table.tableName`). No secret: that is
   * what `secrets` are for. All variables together hold 4 KB. @default none
   */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /**
   * Secrets of Secrets Manager, by the names under which tools read them:
   * `await secret('api')`, with `secret` of `gatehouse/secrets`. The function may read them, and is
   * told their ARNs; no value stands in its environment. The local runtime takes the values from
   * `.env.local`. @default none
   */
  readonly secrets?: Readonly<Record<string, ReadableSecret>> | undefined;
  /**
   * Absolute path of a folder that travels beside the bundle: texts, JSON, `.wasm`. A tool reads
   * `new URL('./assets/rates.json', import.meta.url)`. @default none
   */
  readonly assets?: string | undefined;
  /**
   * What becomes of a definition that a well-known client would refuse (policy/client-limits):
   * `warn` names client and reason in the synthesis, `refuse` ends it. @default 'warn'
   */
  readonly clientLimits?: ClientLimitsMode | undefined;
  /** How the tools' code is bundled, in esbuild's terms. @default all of it in one module */
  readonly bundling?: BundlingOptions | undefined;
  /** 128 to 10,240; 1,769 is one whole core. @default policy/functions: 1,024 */
  readonly memoryMegabytes?: number | undefined;
  /** 1 to 900: the longest that a call may take. @default policy/limits: 900 */
  readonly timeoutSeconds?: number | undefined;
  /**
   * A network of your own. Its subnets need a way to DynamoDB, Cognito and X-Ray (a NAT gateway or
   * endpoints). The local runtime runs without it. @default none
   */
  readonly vpc?: IVpc | undefined;
  /** @default the private subnets of `vpc` */
  readonly vpcSubnets?: SubnetSelection | undefined;
  /** @default one that is made for the function */
  readonly securityGroups?: readonly ISecurityGroup[] | undefined;
}

/** @throws ConfigurationError that names the key, what is wrong with it and what it takes */
export const checkToolSettings = (settings: ToolSettings): ToolSettings => {
  const { environment = {}, memoryMegabytes, timeoutSeconds } = settings;
  for (const name of Object.keys(environment)) checkName(name);
  for (const name of Object.keys(settings.secrets ?? {})) checkSecretName(name);
  checkAssets(settings.assets);
  for (const key of ['vpcSubnets', 'securityGroups'] as const)
    if (settings[key] !== undefined && settings.vpc === undefined)
      throw new ConfigurationError(`tools.${key}: is nothing without tools.vpc`);
  checkWhole('memoryMegabytes', memoryMegabytes, 128, 10_240);
  checkWhole('timeoutSeconds', timeoutSeconds, 1, timeouts.streamSeconds);
  return settings;
};

const checkSecretName = (name: string): void => {
  if (toolSecrets.name.test(name)) return;
  throw new ConfigurationError(
    `tools.secrets.${name}: is not a name of letters, digits and underscores, a small letter first`,
  );
};

/** Where the function finds its secrets: their ARNs. */
export const secretVariables = ({ secrets = {} }: ToolSettings): Record<string, string> =>
  Object.fromEntries(
    Object.entries(secrets).map(([name, { secretArn }]) => [
      `${toolSecrets.variablePrefix}${name}`,
      secretArn,
    ]),
  );

const ownNames: readonly string[] = [...everyFunctionReads, ...functionTable.mcp.variables];

/**
 * What the tools' code has when the build imports it. Values that only the deployment knows are made
 * up, each a word that can stand in a URL.
 */
export const importEnvironment = ({
  environment = {},
  assets,
}: ToolSettings): ImportEnvironment => {
  const variables = Object.entries(environment).map(([name, value]) => [name, madeUp(value)]);
  return {
    variables: {
      ...Object.fromEntries(ownNames.map((name) => [name, unknownYet])),
      RESOURCE_URL: `https://${unknownYet}${endpoints.mcp.path}`,
      ...Object.fromEntries(variables),
    },
    assets,
  };
};

const unknownYet = 'known-at-deployment';

/** A token of CDK's stands for what the template will refer to. */
const madeUp = (value: string): string => value.replaceAll(/\$\{Token\[[^\]]*\]\}/g, unknownYet);

const checkName = (name: string): void => {
  const refuse = (reason: string): never => {
    throw new ConfigurationError(`tools.environment.${name}: ${reason}`);
  };
  if (name.startsWith(toolSecrets.variablePrefix)) refuse('is for tools.secrets');
  if (!/^[A-Z][A-Z0-9_]*$/.test(name))
    refuse('is not a name of capital letters, digits and underscores, a letter first');
  if (/^(AWS|LAMBDA|POWERTOOLS)_/.test(name)) refuse('is a name of AWS or of the logger');
  if (ownNames.includes(name) || name === 'TRUSTED_PROXY_HEADER' || name === 'LOG_SENSITIVE_DATA')
    refuse('is a variable that Gatehouse sets itself');
};

const checkAssets = (assets: string | undefined): void => {
  if (assets === undefined) return;
  // A relative path would depend on the folder in which somebody runs the synthesis.
  if (!isAbsolute(assets))
    throw new ConfigurationError(
      `tools.assets: "${assets}" is not an absolute path: give join(import.meta.dirname, 'assets')`,
    );
  if (!statSync(assets, { throwIfNoEntry: false })?.isDirectory())
    throw new ConfigurationError(`tools.assets: there is no folder ${assets}`);
};

const checkWhole = (key: string, value: number | undefined, least: number, most: number): void => {
  if (value === undefined) return;
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new ConfigurationError(
    `tools.${key}: ${value} is not a whole number from ${least} to ${most}`,
  );
};
