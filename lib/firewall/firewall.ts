import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { UserPool } from 'aws-cdk-lib/aws-cognito';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnIPSet, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { ClientProfile } from '../../policy/clients.ts';
import { edgeHeaders } from '../../policy/edge.ts';
import { type AddressLimit, sizes, userPoolAddressLimit } from '../../policy/limits.ts';
import type { Environment } from '../configuration.ts';
import { blockedBy } from '../observability/metrics.ts';
import { connection, header } from './address-source.ts';
import { countedPaths } from './counted.ts';
import { managedRules, userPoolManagedRules } from './managed-rules.ts';
import { rateBodies, refusalPrefix } from './rate-refusals.ts';
import { rateRules } from './rate-rules.ts';
import {
  anyOf,
  inOrder,
  type KnownEgress,
  not,
  type PathMatcher,
  pathMatcher,
  type Rule,
  trailingSlashMatcher,
  visibility,
} from './statements.ts';
import { dataProtection, WafLog } from './waf-log.ts';

export interface FirewallProps {
  /** Tells the metrics of two deployments apart. */
  readonly deployment: string;
  readonly environment: Environment;
  readonly stage: Stage;
  /**
   * The stage's name as text: a reference would make the web ACL wait for the stage, and the
   * distribution waits for the web ACL.
   */
  readonly stageName: string;
  readonly userPool: UserPool;
  readonly addressLimits: readonly AddressLimit[];
  readonly profiles: readonly ClientProfile[];
  /**
   * URL mode `cloudfront`: the stage takes only requests that carry one of these. @default anybody
   * may call the stage
   */
  readonly originSecrets?: readonly string[] | undefined;
  readonly logKey: IKey;
}

/**
 * What a request meets first: AWS's managed rules, then the rate rules of policy/limits. A second,
 * smaller one guards the user pool.
 */
export class Firewall extends Construct {
  readonly webAcl: CfnWebACL;
  readonly userPoolWebAcl: CfnWebACL;
  /** What the refusing rate rules count. */
  readonly rateRefusals: readonly IMetric[];

  constructor(scope: Construct, id: string, props: FirewallProps) {
    super(scope, id);
    const { deployment, environment, stage, userPool, originSecrets, logKey } = props;
    const addresses = originSecrets === undefined ? connection : header(edgeHeaders.viewerAddress);
    const matchesPath = pathMatcher(props.stageName);
    const hasTrailingSlash = trailingSlashMatcher(props.stageName);
    const limits = props.addressLimits.filter(
      ({ developmentOnly }) => !developmentOnly || environment === 'development',
    );
    const rules = [
      ...(originSecrets === undefined ? [] : [notThroughDistribution(originSecrets)]),
      ...managedRules({ matchesPath, behindProxy: originSecrets !== undefined }),
      notCanonical(limits, hasTrailingSlash),
      ...rateRules({
        limits,
        egress: this.knownEgress(props.profiles),
        matchesPath,
        addresses,
        environment,
      }),
    ];
    this.webAcl = new CfnWebACL(this, 'WebAcl', {
      description: 'Gatehouse: the API',
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      rules: inOrder(rules),
      customResponseBodies: Object.fromEntries(
        Object.entries(rateBodies).map(([key, body]) => [
          key,
          { contentType: 'APPLICATION_JSON', content: JSON.stringify(body) },
        ]),
      ),
      associationConfig: {
        requestBody: {
          API_GATEWAY: { defaultSizeInspectionLimit: `KB_${sizes.inspectedBodyKilobytes}` },
        },
      },
      dataProtectionConfig: dataProtection,
      visibilityConfig: visibility(`${deployment}-api`),
    });
    new CfnWebACLAssociation(this, 'OnStage', {
      resourceArn: stage.stageArn,
      webAclArn: this.webAcl.attrArn,
    });

    const { region } = Stack.of(this);
    this.rateRefusals = rules
      .filter(({ name }) => name.startsWith(refusalPrefix))
      .map(({ name }) => blockedBy(`${deployment}-api`, name, region));

    this.userPoolWebAcl = new CfnWebACL(this, 'UserPoolWebAcl', {
      description: 'Gatehouse: the login pages',
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      rules: inOrder([...userPoolManagedRules(), userPoolRate]),
      dataProtectionConfig: dataProtection,
      visibilityConfig: visibility(`${deployment}-user-pool`),
    });
    new CfnWebACLAssociation(this, 'OnUserPool', {
      resourceArn: userPool.userPoolArn,
      webAclArn: this.userPoolWebAcl.attrArn,
    });

    new WafLog(this, 'Log', { name: 'api', webAcl: this.webAcl, environment, logKey });
    new WafLog(this, 'UserPoolLog', {
      name: 'user-pool',
      webAcl: this.userPoolWebAcl,
      environment,
      logKey,
    });
  }

  private knownEgress(profiles: readonly ClientProfile[]): readonly KnownEgress[] {
    return profiles.flatMap(({ name, egress }) => {
      if (egress === undefined) return [];
      const families = [
        { version: 'IPV4', addresses: egress.ranges.filter((range) => !range.includes(':')) },
        { version: 'IPV6', addresses: egress.ranges.filter((range) => range.includes(':')) },
      ].filter(({ addresses }) => addresses.length > 0);
      const sets = families.map(
        ({ version, addresses }) =>
          new CfnIPSet(this, `Egress-${name}-${version}`, {
            description: `Gatehouse: known egress of the client profile ${name}`,
            scope: 'REGIONAL',
            ipAddressVersion: version,
            addresses,
          }),
      );
      return [{ profile: name, requestsPerMinute: egress.requestsPerMinute, sets }];
    });
  }
}

/**
 * Nobody comes round the back. Without a custom response: API Gateway answers WAF_FILTERED, which
 * has the header table.
 */
const notThroughDistribution = (secrets: readonly string[]): Rule => ({
  name: 'refuse-without-origin-secret',
  action: { block: {} },
  statement: not(
    anyOf(
      secrets.map((searchString) => ({
        byteMatchStatement: {
          fieldToMatch: { singleHeader: { Name: edgeHeaders.originSecret } },
          positionalConstraint: 'EXACTLY',
          searchString,
          textTransformations: [{ priority: 0, type: 'NONE' }],
        },
      })),
    ),
  ),
  visibilityConfig: visibility('refuse-without-origin-secret'),
});

/**
 * RATE-2 counts by address and path, and API Gateway routes a path with a trailing slash all the
 * same: that would be a second count.
 */
const notCanonical = (limits: readonly AddressLimit[], hasTrailingSlash: PathMatcher): Rule => ({
  name: 'refuse-trailing-slash',
  action: { block: {} },
  statement: hasTrailingSlash(limits.filter(({ eachPath }) => eachPath).flatMap(countedPaths)),
  visibilityConfig: visibility('refuse-trailing-slash'),
});

/** Blocks by itself: Cognito's pages take no response of ours. */
const userPoolRate: Rule = {
  name: 'everything-per-window',
  action: { block: {} },
  statement: {
    rateBasedStatement: {
      limit: userPoolAddressLimit.requests,
      evaluationWindowSec: userPoolAddressLimit.perSeconds,
      aggregateKeyType: 'IP',
    },
  },
  visibilityConfig: visibility('user-pool-everything'),
};
