import * as z from 'zod';
import { StartupFailure } from '../failure.ts';
import { propertiesOf, type Stack } from '../template/stack.ts';
import type { LambdaFunction } from './function.ts';

const versionProperties = z.looseObject({ FunctionName: z.string() });

const aliasProperties = z.looseObject({
  FunctionName: z.string(),
  FunctionVersion: z.string(),
  // Two versions of a function would need the code of an earlier deployment.
  RoutingConfig: z
    .never('is given: the local runtime runs one version of a function and splits no calls')
    .optional(),
});

/**
 * The functions of a template by every ARN that invokes them: their own, and those of their
 * versions and aliases. The one version that there is runs the code of the template.
 */
export const byEveryArn = (
  stack: Stack,
  functions: ReadonlyMap<string, LambdaFunction>,
): ReadonlyMap<string, LambdaFunction> => {
  const named = (logicalId: string, name: string): LambdaFunction => {
    const arn = [...functions.keys()].find(
      (each) => each === name || each.endsWith(`:function:${name}`),
    );
    const found = arn === undefined ? undefined : functions.get(arn);
    if (found === undefined)
      throw new StartupFailure(`${logicalId} belongs to ${name}, which is no function here.`);
    return found;
  };
  const versions = stack.resources('AWS::Lambda::Version').map((each) => {
    const { FunctionName } = propertiesOf(versionProperties, each);
    return [stack.ref(each.logicalId), named(each.logicalId, FunctionName)] as const;
  });
  const known = new Map([...functions, ...versions]);
  const aliases = stack.resources('AWS::Lambda::Alias').map((each) => {
    const { FunctionName, FunctionVersion } = propertiesOf(aliasProperties, each);
    const lambda = named(each.logicalId, FunctionName);
    const version = `${lambda.arn}:${FunctionVersion}`;
    if (FunctionVersion !== '$LATEST' && known.get(version) !== lambda)
      throw new StartupFailure(
        `${each.logicalId}: there is no version ${FunctionVersion} of ${FunctionName} here.`,
      );
    return [stack.ref(each.logicalId), lambda] as const;
  });
  return new Map([...known, ...aliases]);
};
