import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Fn, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { functionNames, type HttpFunctionName, isHttpFunction } from '../policy/functions.ts';
import type { Bundle } from './bundle/build.ts';
import type { Bundles } from './bundle/bundle.ts';
import type { ToolPermission } from './bundle/manifest.ts';
import type { Configuration } from './configuration.ts';
import {
  bundledVariables,
  everyFunctionReads,
  functionTable,
  type ItemPermission,
  machineVariables,
} from './function-table.ts';
import {
  functionVariables,
  type LoggingProps,
  loggingVariables,
  type VariablesProps,
} from './function-variables.ts';
import { HandlerFunction, type Permission } from './handler-function.ts';
import type { PublicUrl } from './public-url.ts';
import { recordOf } from './record-of.ts';
import type { ToolSettings } from './tool-settings.ts';

export interface FunctionsProps extends VariablesProps, LoggingProps {
  readonly bundles: Bundles;
  readonly tools: ToolSettings;
  readonly concurrency: Configuration['concurrency'];
  /** Whether calls go to a version of each function, by an alias. */
  readonly isAliased: boolean;
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
      const read = [
        ...everyFunctionReads,
        ...proxyVariables(props.url),
        ...variables,
        ...variablesOfMachines(name, props),
      ];
      const isBundled = (variable: string) => bundledVariables.includes(variable);
      return new HandlerFunction(this, name, {
        name,
        environment: props.environment,
        bundle: withVariables(
          props.bundles.byFunction[name],
          recordOf(read.filter(isBundled), (variable) => values[variable]),
        ),
        timeoutSeconds,
        variables: {
          ...recordOf(
            read.filter((variable) => !isBundled(variable)),
            (variable) => values[variable],
          ),
          ...loggingVariables(name, props),
        },
        grants: permissionsOf(name, props),
        settings: name === 'mcp' ? props.tools : undefined,
        concurrency: props.concurrency[name],
        isAliased: props.isAliased,
        logKey: props.logKey,
      });
    });
  }
}

/**
 * Sets variables ahead of everything else in a bundle. Imports are hoisted above it, but only
 * Node's own modules are imported: all else is in the bundle, and so runs afterwards.
 */
const withVariables = (
  { code, sourceMap }: Bundle,
  variables: Readonly<Record<string, string>>,
): Bundle => {
  const lines = Object.entries(variables).map(([name, value]) => {
    if (Token.isUnresolved(value))
      throw new Error(`${name} holds a reference, which a bundle cannot.`);
    return `process.env.${name}=${JSON.stringify(value)};`;
  });
  if (lines.length === 0) return { code, sourceMap };
  return {
    code: Buffer.concat([Buffer.from(`${lines.join('')}\n`), code]),
    // A line without a place in the sources.
    sourceMap: { ...sourceMap, mappings: `;${sourceMap.mappings}` },
  };
};

/** RATE-10: only a deployment with a proxy of its own declares one. */
const proxyVariables = ({ mode }: PublicUrl) =>
  mode === 'cloudfront' ? (['TRUSTED_PROXY_HEADER'] as const) : [];

const variablesOfMachines = (name: HttpFunctionName, { machines }: FunctionsProps) =>
  machines.length === 0 ? [] : machineVariables[name];

const permissionsOf = (
  name: HttpFunctionName,
  { table, identity, bundles }: FunctionsProps,
): readonly Permission[] => {
  const row = functionTable[name];
  const own: readonly Permission[] = [
    ...row.table.map((item: ItemPermission) => itemPermission(item, table)),
    { actions: row.userPool, resource: identity.userPool.userPoolArn },
  ];
  const tools =
    name === 'mcp' ? bundles.manifest.grants.map((grant) => toolPermission(grant, table)) : [];
  return [...own.filter(({ actions }) => actions.length > 0), ...tools];
};

const itemPermission = ({ action, key, attributes }: ItemPermission, table: Table): Permission => ({
  // With a name of its own CDK joins a statement with no other.
  sid: `${action.slice('dynamodb:'.length)}${key.replace(/[^a-z]/g, '')}`,
  actions: [action],
  resource: table.tableArn,
  leadingKeys: [key],
  ...(attributes && { attributes }),
});

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
