import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { lambdaQuotas } from '../../policy/limits.ts';
import { StartupFailure } from '../failure.ts';
import { accessKeyOf } from '../iam/permissions.ts';
import { propertiesOf, type Stack } from '../template/stack.ts';
import type { ResolvedResource } from '../template/template.ts';
import { type InvocationRecord, LambdaFunction } from './function.ts';
import type { Route } from './messages.ts';

const functionProperties = z.looseObject({
  Code: z.strictObject({ S3Bucket: z.string(), S3Key: z.string() }),
  Environment: z.strictObject({ Variables: z.record(z.string(), z.string()) }).optional(),
  FunctionName: z.string().optional(),
  Handler: z.string().regex(/^[\w/-]+\.\w+$/),
  LoggingConfig: z.looseObject({ LogGroup: z.string().optional() }).optional(),
  MemorySize: z.int().default(128),
  Role: z.string(),
  Runtime: z.literal('nodejs24.x'),
  Timeout: z.number().default(3),
});

export interface FunctionsOptions {
  readonly stack: Stack;
  readonly routes: readonly Route[];
  readonly clock: SharedArrayBuffer;
  readonly onLine: (functionName: string, line: string, logGroupName: string) => void;
  readonly record: (record: InvocationRecord) => void;
  /**
   * Last word on a function's variables: the emulated services' addresses, or a test's change. Undefined
   * values are left out.
   */
  readonly environment: (
    functionName: string,
    variables: Readonly<Record<string, string>>,
  ) => Readonly<Record<string, string | undefined>>;
}

/** The functions of the template, by ARN. */
export const readFunctions = (options: FunctionsOptions): ReadonlyMap<string, LambdaFunction> => {
  const functions = options.stack
    .resources('AWS::Lambda::Function')
    .map((resource) => readFunction(resource, options));
  return new Map(functions.map((each) => [each.arn, each]));
};

const readFunction = (resource: ResolvedResource, options: FunctionsOptions): LambdaFunction => {
  const { stack } = options;
  const properties = propertiesOf(functionProperties, resource);
  const [file, handler] = properties.Handler.split('.');
  if (file === undefined || handler === undefined)
    throw new StartupFailure(`${resource.logicalId}.Handler is not file.export.`);
  const folder = stack.assetFolder(properties.Code.S3Key, `${resource.logicalId}.Code`);
  const module = join(folder, `${file}.mjs`);
  // Another function of an app, perhaps, which its synthesis bundles for a deployment alone.
  if (!existsSync(module))
    throw new StartupFailure(
      `${resource.logicalId}: there is no ${file}.mjs in its code, and nothing else is run here.`,
    );
  const functionName = stack.ref(resource.logicalId);
  const variables = properties.Environment?.Variables ?? {};
  refuseLargeEnvironment(resource.logicalId, variables);
  // The name by which people know it: the folder under lambdas/.
  const name = variables['POWERTOOLS_SERVICE_NAME'] ?? functionName;
  const logGroupName = properties.LoggingConfig?.LogGroup ?? `/aws/lambda/${functionName}`;
  const logStreamName = `local/[$LATEST]${randomBytes(16).toString('hex')}`;
  const environment = {
    ...runtimeVariables(stack.deployment.region, {
      functionName,
      handler: properties.Handler,
      folder,
      memory: properties.MemorySize,
      role: properties.Role,
    }),
    AWS_LAMBDA_LOG_GROUP_NAME: logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: logStreamName,
    ...variables,
  };
  return new LambdaFunction(
    {
      module,
      handler,
      functionName: name,
      functionArn: stack.attribute(resource.logicalId, 'Arn'),
      memoryMegabytes: properties.MemorySize,
      logGroupName,
      logStreamName,
      routes: options.routes,
      clock: options.clock,
      environment: defined(options.environment(name, environment)),
      timeoutSeconds: properties.Timeout,
      onLine: (line) => options.onLine(name, line, logGroupName),
    },
    options.record,
  );
};

/** As Lambda does when a function is made: names and values count together. */
const refuseLargeEnvironment = (
  logicalId: string,
  variables: Readonly<Record<string, string>>,
): void => {
  const bytes = Object.entries(variables)
    .flat()
    .reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes > lambdaQuotas.environmentBytes)
    throw new StartupFailure(
      `The environment of ${logicalId} has ${bytes} bytes, and Lambda takes ${lambdaQuotas.environmentBytes}.`,
    );
};

const defined = (variables: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );

/**
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
const runtimeVariables = (
  region: string,
  of: { functionName: string; handler: string; folder: string; memory: number; role: string },
) => ({
  _HANDLER: of.handler,
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_LAMBDA_FUNCTION_NAME: of.functionName,
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(of.memory),
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_LAMBDA_LOG_FORMAT: 'JSON',
  // Of Lambda's shape: the key says which role asks, the rest is good for nothing, as the emulated services
  // check no signature.
  AWS_ACCESS_KEY_ID: accessKeyOf(of.role),
  AWS_SECRET_ACCESS_KEY: randomBytes(20).toString('hex'),
  AWS_SESSION_TOKEN: randomBytes(20).toString('hex'),
  LAMBDA_TASK_ROOT: of.folder,
  LANG: 'en_US.UTF-8',
  TZ: ':UTC',
});
