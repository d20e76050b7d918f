import { Validations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/**
 * Explains a finding of a rule pack (compliance.ts), beside the resource that it is about: rule to
 * reason, one sentence each.
 */
export const acknowledge = (
  construct: IConstruct,
  reasons: Readonly<Record<string, string>>,
): void =>
  Validations.of(construct).acknowledge(
    ...Object.entries(reasons).map(([rule, reason]) => ({ id: withPack(rule), reason })),
  );

const packs = ['AwsSolutions', 'Serverless', 'NIST.800.53.R5'] as const;

const withPack = (rule: string) => {
  const pack = packs.find((name) => rule.startsWith(`${name}-`));
  if (pack === undefined) throw new Error(`${rule} is a rule of none of the packs.`);
  return `${pack}::${rule}`;
};
