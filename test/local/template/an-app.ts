import type { AssemblyStack } from '../../../local/template/assembly.ts';
import { deploymentIn } from '../../../local/template/deployment.ts';
import { looseTemplateSchema } from '../../../local/template/template.ts';

export interface Given {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  /** Path of the construct in the stack. */
  readonly at: string;
}

/** A stack of an app that was synthesized for the local runtime, without the files. */
export const aStack = (
  name: string,
  resources: Readonly<Record<string, Given>>,
  more: {
    readonly gatehouses?: readonly string[];
    readonly Outputs?: unknown;
    readonly folder?: string;
    readonly Transform?: string;
  } = {},
): AssemblyStack => {
  const { gatehouses = [], folder = 'cdk.out', ...sections } = more;
  const plain = Object.fromEntries(
    Object.entries(resources).map(([logicalId, { at: _at, ...resource }]) => [logicalId, resource]),
  );
  return {
    deployment: deploymentIn(undefined, name),
    folder,
    template: looseTemplateSchema.parse({ ...sections, Resources: plain }),
    constructs: new Map(
      Object.entries(resources).map(([logicalId, { at }]) => [logicalId, [`${name}/${at}`]]),
    ),
    sources: new Map(),
    gatehouses: gatehouses.map((path) => `${name}/${path}`),
    assetFolder: () => '',
  };
};

/** What the tests need of a Gatehouse: a topic of its own that refers to whatever is given. */
export const aGatehouse = (
  at: string,
  refersTo: unknown = 'nothing',
  id = `${at}Topic`,
): Readonly<Record<string, Given>> => ({
  [id]: {
    Type: 'AWS::SNS::Topic',
    at: `${at}/Topic/Resource`,
    Properties: { TopicName: refersTo },
  },
});

export const aBucket = (at: string): Given => ({ Type: 'AWS::S3::Bucket', at: `${at}/Resource` });

export const aTable = (at: string, name?: string): Given => ({
  Type: 'AWS::DynamoDB::Table',
  at: `${at}/Resource`,
  Properties: { ...(name !== undefined && { TableName: name }) },
});
