import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IUserPool } from 'aws-cdk-lib/aws-cognito';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Environment } from '../../policy/deployment.ts';
import { edgeHeaders } from '../../policy/edge.ts';
import { type AddressLimit, sizes } from '../../policy/limits.ts';
import type { PageBrand } from '../../policy/pages.ts';
import { blockedBy } from '../observability/metrics.ts';
import { type AddressLists, RefusedAddresses } from './address-lists.ts';
import { connection, header } from './address-source.ts';
import { countedPaths } from './counted.ts';
import { managedRules, refusedByLabel } from './managed-rules.ts';
import { rateBodies, refusalPrefix } from './rate-refusals.ts';
import { rateRules } from './rate-rules.ts';
import { type SharedNetwork, sharedNetworks } from './shared-networks.ts';
import {
  anyOf,
  inOrder,
  not,
  type PathMatcher,
  pathMatcher,
  type Rule,
  type Statement,
  trailingSlashMatcher,
  visibility,
} from './statements.ts';
import { userPoolRules } from './user-pool-rules.ts';
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
  /**
   * The pool to guard. None where it is somebody else's: a pool has one web ACL, and ours would take
   * the place of its owner's.
   */
  readonly userPool: IUserPool | undefined;
  readonly addressLimits: readonly AddressLimit[];
  /** Addresses with a ceiling of their own: known egress of hosted clients, and offices. */
  readonly sharedNetworks: readonly SharedNetwork[];
  readonly addressLists: AddressLists;
  /**
   * URL mode `cloudfront`: the stage takes only requests that carry one of these. @default anybody
   * may call the stage
   */
  readonly originSecrets?: readonly string[] | undefined;
  /** Whose page somebody sees who is over a limit. */
  readonly brand: PageBrand | undefined;
  readonly logKey: IKey;
}

/**
 * What a request meets first: AWS's managed rules, then the rate rules of policy/limits. A second,
 * smaller one guards the user pool. AWS bills each rule by the month, so rules that do the same are
 * one.
 */
export class Firewall extends Construct {
  readonly webAcl: CfnWebACL;
  /** What the refusing rate rules count. */
  readonly rateRefusals: readonly IMetric[];
  readonly logGroups: readonly LogGroup[];

  constructor(scope: Construct, id: string, props: FirewallProps) {
    super(scope, id);
    const { deployment, environment, stage, userPool, originSecrets, logKey } = props;
    const addresses = originSecrets === undefined ? connection : header(edgeHeaders.viewerNetwork);
    const matchesPath = pathMatcher(props.stageName);
    const hasTrailingSlash = trailingSlashMatcher(props.stageName);
    const limits = props.addressLimits.filter(
      ({ developmentOnly }) => !developmentOnly || environment === 'development',
    );
    const refused = new RefusedAddresses(this, props.addressLists);
    const rules = [
      ...managedRules(originSecrets !== undefined),
      refuse([
        ...(originSecrets === undefined ? [] : [withoutOriginSecret(originSecrets)]),
        ...refused.statements(addresses),
        ...countedTwice(limits, hasTrailingSlash),
        ...refusedByLabel(matchesPath),
      ]),
      ...rateRules({
        limits,
        networks: sharedNetworks(this, props.sharedNetworks),
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
      customResponseBodies: rateBodies(props.brand),
      associationConfig: {
        requestBody: {
          API_GATEWAY: { defaultSizeInspectionLimit: `KB_${sizes.inspectedBodyKilobytes}` },
        },
      },
      dataProtectionConfig: dataProtection,
      visibilityConfig: visibility(`${deployment}-api`),
    });
    const onStage = new CfnWebACLAssociation(this, 'OnStage', {
      resourceArn: stage.stageArn,
      webAclArn: this.webAcl.attrArn,
    });

    const { region } = Stack.of(this);
    this.rateRefusals = rules
      .filter(({ name }) => name.startsWith(refusalPrefix))
      .map(({ name }) => blockedBy(`${deployment}-api`, name, region));

    const log = new WafLog(this, 'Log', {
      name: 'api',
      webAcl: this.webAcl,
      environment,
      logKey,
      hasAccessLog: true,
    });
    // A new web ACL is not known everywhere at once, and an association that comes too early fails
    // with WAFUnavailableEntityException. Its log comes first: that takes a while, and from then on
    // no request passes unlogged.
    onStage.node.addDependency(log);
    const poolLog = userPool && this.guard(userPool, refused.statements(connection), props);
    this.logGroups = [log.logGroup, ...(poolLog ? [poolLog.logGroup] : [])];
  }

  /** The login pages of a pool of ours. */
  private guard(
    { userPoolArn }: IUserPool,
    refused: readonly Statement[],
    { deployment, environment, logKey }: FirewallProps,
  ): WafLog {
    const webAcl = new CfnWebACL(this, 'UserPoolWebAcl', {
      description: 'Gatehouse: the login pages',
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      rules: inOrder(userPoolRules(refused)),
      dataProtectionConfig: dataProtection,
      visibilityConfig: visibility(`${deployment}-user-pool`),
    });
    const association = new CfnWebACLAssociation(this, 'OnUserPool', {
      resourceArn: userPoolArn,
      webAclArn: webAcl.attrArn,
    });
    const log = new WafLog(this, 'UserPoolLog', {
      name: 'user-pool',
      webAcl,
      environment,
      logKey,
      hasAccessLog: false,
    });
    association.node.addDependency(log);
    return log;
  }
}

/**
 * Everything that is refused without a count, in one rule. Without a custom response: API Gateway
 * answers WAF_FILTERED, which has the header table.
 */
const refuse = (statements: readonly Statement[]): Rule => ({
  name: 'refuse',
  action: { block: {} },
  statement: anyOf(statements),
  visibilityConfig: visibility('refuse'),
});

/** URL mode `cloudfront`: nobody calls the stage directly. */
const withoutOriginSecret = (secrets: readonly string[]): Statement =>
  not(
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
  );

/**
 * RATE-2 counts by address and path, and API Gateway routes a path with a trailing slash all the
 * same: that would be a second count.
 */
const countedTwice = (
  limits: readonly AddressLimit[],
  hasTrailingSlash: PathMatcher,
): readonly Statement[] => {
  const paths = limits.filter(({ eachPath }) => eachPath).flatMap(countedPaths);
  return paths.length === 0 ? [] : [hasTrailingSlash(paths)];
};
