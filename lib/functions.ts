import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Fn } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { functionNames, type HttpFunctionName, isHttpFunction } from '../policy/functions.ts';
import type { Bundles, ToolPermission } from './bundle.ts';
import { everyFunctionReads, functionTable } from './function-table.ts';
import {
  functionVariables,
  type LoggingProps,
  loggingVariables,
  type VariablesProps,
} from './function-variables.ts';
import { HandlerFunction, type Permission } from './handler-function.ts';
import type { PublicUrl } from './public-url.ts';
import { recordOf } from './record-of.ts';

export interface FunctionsProps extends VariablesProps, LoggingProps {
  readonly bundles: Bundles;
  readonly logKey: IKey;
}

/** The functions that answer HTTP requests, and the authorizer. */
export class Functions extends Construct {
  readonly byName: Readonly<Record<HttpFunctionName, HandlerFunction>>;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    const values = functionVariables(this, props);
    this.byName = recordOf(functionNames.filter(isHttpFunction), (name) => {
      const { timeoutSeconds, variables } = functionTable[name];
      const read = [...everyFunctionReads, ...proxyVariables(props.url), ...variables];
      return new HandlerFunction(this, name, {
        name,
        environment: props.environment,
        code: props.bundles.code[name],
        timeoutSeconds,
        variables: {
          ...recordOf(read, (variable) => values[variable]),
          ...loggingVariables(name, props),
        },
        grants: permissionsOf(name, props),
        logKey: props.logKey,
      });
    });
  }
}

/** RATE-10: only a deployment with a proxy of its own declares one. */
const proxyVariables = ({ mode }: PublicUrl) =>
  mode === 'cloudfront' ? (['TRUSTED_PROXY_HEADER'] as const) : [];

const permissionsOf = (
  name: HttpFunctionName,
  { table, identity, bundles }: FunctionsProps,
): readonly Permission[] => {
  const row = functionTable[name];
  const own: readonly Permission[] = [
    { actions: row.table, resource: table.tableArn, leadingKeys: row.keys },
    { actions: row.userPool, resource: identity.userPool.userPoolArn },
  ];
  const tools =
    name === 'mcp' ? bundles.manifest.grants.map((grant) => toolPermission(grant, table)) : [];
  return [...own.filter(({ actions }) => actions.length > 0), ...tools];
};

const toolPermission = (
  { actions, resource, leadingKeys }: ToolPermission,
  table: Table,
): Permission => ({
  actions,
  resource: arnOf(resource, table),
  ...(leadingKeys && { leadingKeys }),
});

/** A tool's file cannot know where it will be deployed: `table`, or an ARN with `${AWS::…}`. */
const arnOf = (resource: string, table: Table): string => {
  if (resource === 'table') return table.tableArn;
  return resource.includes('${AWS::') ? Fn.sub(resource) : resource;
};
