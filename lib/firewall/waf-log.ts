import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnLoggingConfiguration, type CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Environment } from '../../policy/deployment.ts';
import { edgeHeaders } from '../../policy/edge.ts';
import { logGroup } from '../logs.ts';
import { creationId } from '../names.ts';

/** LOG-5: where tokens and codes travel. */
const secretHeaders = ['authorization', 'cookie', edgeHeaders.originSecret] as const;

/**
 * Applies to logs, sampled requests and everything else that AWS WAF keeps; `redactedFields` covers
 * the log alone.
 */
export const dataProtection: CfnWebACL.DataProtectionConfigProperty = {
  dataProtections: [
    {
      action: 'SUBSTITUTION',
      field: { fieldType: 'SINGLE_HEADER', fieldKeys: [...secretHeaders] },
    },
    { action: 'SUBSTITUTION', field: { fieldType: 'QUERY_STRING' } },
    { action: 'SUBSTITUTION', field: { fieldType: 'BODY' } },
  ],
};

/**
 * What a rule refused or counted. What passes stands in the API's access log, with the same request
 * id: its record here, some 1,800 bytes a call, would be the largest part of what logs cost.
 */
const refusedOrCounted = {
  DefaultBehavior: 'DROP',
  Filters: [
    {
      Behavior: 'KEEP',
      Requirement: 'MEETS_ANY',
      Conditions: ['BLOCK', 'COUNT', 'EXCLUDED_AS_COUNT', 'CAPTCHA', 'CHALLENGE'].map((Action) => ({
        ActionCondition: { Action },
      })),
    },
  ],
};

export interface WafLogProps {
  /** Tells the log groups of one stack apart. */
  readonly name: string;
  readonly webAcl: CfnWebACL;
  readonly environment: Environment;
  readonly logKey: IKey;
  /** Whether an access log beside it records what passes. */
  readonly hasAccessLog: boolean;
}

/** A web ACL's log. AWS WAF writes only to log groups whose name begins with `aws-waf-logs-`. */
export class WafLog extends Construct {
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: WafLogProps) {
    super(scope, id);
    const { name, webAcl, environment, logKey, hasAccessLog } = props;
    this.logGroup = logGroup(this, 'Group', {
      environment,
      key: logKey,
      // With the stack's own id: a group that an earlier stack left behind has another name.
      logGroupName: `aws-waf-logs-gatehouse-${name}-${creationId(this)}`,
    });
    new CfnLoggingConfiguration(this, 'Configuration', {
      resourceArn: webAcl.attrArn,
      logDestinationConfigs: [
        // The API refuses the trailing `:*` that a log group's own ARN has.
        Stack.of(this).formatArn({
          service: 'logs',
          resource: 'log-group',
          resourceName: this.logGroup.logGroupName,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
      redactedFields: [
        ...secretHeaders.map((name) => ({ singleHeader: { Name: name } })),
        { queryString: {} },
      ],
      ...(hasAccessLog && { loggingFilter: refusedOrCounted }),
    });
  }
}
