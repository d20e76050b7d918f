import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { wafQuotas } from '../../policy/limits.ts';

/** A rule without its priority: the order of the list gives it. */
export type Rule = Omit<CfnWebACL.RuleProperty, 'priority'>;
export type Statement = CfnWebACL.StatementProperty;

/** Matches paths of policy/endpoints, with and without a trailing slash: both are routed. */
export type PathMatcher = (paths: readonly string[]) => Statement;

/**
 * API Gateway routes `/%6dcp` and `/x/../mcp` to the same method, so patterns are matched after the
 * same two steps.
 */
export const pathTransformations = [
  { priority: 0, type: 'URL_DECODE' },
  { priority: 1, type: 'NORMALIZE_PATH' },
];

export const pathMatcher =
  (stage: string): PathMatcher =>
  (paths) =>
    pathMatches(`${anyPath(stage, paths)}/?$`);

/** Matches the same paths where a slash follows, which API Gateway routes all the same. */
export const trailingSlashMatcher =
  (stage: string): PathMatcher =>
  (paths) =>
    pathMatches(`${anyPath(stage, paths)}/+$`);

/**
 * Whether AWS WAF sees the stage in the path depends on how the request came, so every pattern
 * takes both.
 */
const anyPath = (stage: string, paths: readonly string[]) => {
  const below = paths.filter((path) => path !== '/').map((path) => path.replaceAll('.', '\\.'));
  // The root itself is what is left without a path.
  const optional = below.length < paths.length ? '?' : '';
  return `^(/${stage})?${below.length === 0 ? '' : `(${below.join('|')})${optional}`}`;
};

const pathMatches = (regexString: string): Statement => {
  if (regexString.length > wafQuotas.regexCharacters)
    throw new Error(`A path pattern is longer than AWS WAF takes: ${regexString}`);
  return {
    regexMatchStatement: {
      regexString,
      fieldToMatch: { uriPath: {} },
      textTransformations: pathTransformations,
    },
  };
};

export const not = (statement: Statement): Statement => ({ notStatement: { statement } });

/** AWS WAF takes no AND or OR of a single statement. */
export const allOf = (statements: readonly Statement[]): Statement =>
  combined(statements, (several) => ({ andStatement: { statements: several } }));
export const anyOf = (statements: readonly Statement[]): Statement =>
  combined(statements, (several) => ({ orStatement: { statements: several } }));

const combined = (
  statements: readonly Statement[],
  combine: (several: Statement[]) => Statement,
): Statement => {
  const [first, ...rest] = statements;
  if (first === undefined) throw new Error('A statement is made of at least one.');
  return rest.length === 0 ? first : combine([first, ...rest]);
};

export const visibility = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  // Samples pass through the ACL's data protection, unlike the log's redaction.
  sampledRequestsEnabled: true,
});

/** Gives each rule its place in the list as its priority. */
export const inOrder = (rules: readonly Rule[]): CfnWebACL.RuleProperty[] =>
  rules.map((rule, priority) => ({ ...rule, priority }));
