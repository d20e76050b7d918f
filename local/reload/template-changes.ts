import type { Stack } from '../template/stack.ts';

/** Types that a running emulation takes over from a newer template. */
const reloaded: readonly string[] = [
  'AWS::Lambda::Function',
  'AWS::IAM::Policy',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Role',
];

/** Types that state what was built, and change with every build. */
const ofTheBuild: readonly string[] = [
  'AWS::ApiGateway::Deployment',
  'AWS::CDK::Metadata',
  'AWS::Lambda::Alias',
  'AWS::Lambda::Version',
];

/**
 * Resources that are other than they were, or new, and that only a new start can show, as
 * `Stock (AWS::DynamoDB::Table)`.
 */
export const needNewStart = (old: readonly Stack[], newer: readonly Stack[]): readonly string[] => {
  const before = new Map(old.flatMap(described));
  const after = new Map(newer.flatMap(described));
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name)).sort();
};

const described = ({ template }: Stack): (readonly [string, string])[] =>
  Object.entries(template.Resources)
    .filter(([, { Type: type }]) => !reloaded.includes(type) && !ofTheBuild.includes(type))
    .map(([logicalId, { Type: type, Properties: properties }]) => [
      `${logicalId} (${type})`,
      JSON.stringify(properties),
    ]);
