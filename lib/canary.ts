import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import {
  CfnApplication,
  CfnDeploymentConfig,
  CfnDeploymentGroup,
} from 'aws-cdk-lib/aws-codedeploy';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnAlias } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { liveAlias } from '../policy/deployment.ts';
import { acknowledge } from './acknowledge.ts';
import { readCanary } from './canary-text.ts';
import type { HandlerFunction } from './handler-function.ts';

export interface CanaryProps {
  /** `10% for 5 minutes` */
  readonly canary: string;
  /** Each with an alias. */
  readonly functions: readonly HandlerFunction[];
  /** What ends it; none lets a version take over whatever happens. */
  readonly alarms: readonly IAlarm[];
}

const platform = 'Lambda';

/**
 * Lets CodeDeploy shift calls to a new version: a share of them first, all of them after some
 * minutes. An alarm in that time takes the calls back, fails the update of the alias and with it the
 * whole deployment, which CloudFormation then undoes.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-updatepolicy.html
 */
export class Canary extends Construct {
  private readonly application: CfnApplication;
  private readonly shift: CfnDeploymentConfig;
  private readonly role: Role;
  private readonly alarms: readonly IAlarm[];

  constructor(scope: Construct, id: string, { canary, functions, alarms }: CanaryProps) {
    super(scope, id);
    this.alarms = alarms;
    this.application = new CfnApplication(this, 'Application', { computePlatform: platform });
    this.shift = this.deploymentConfig(canary);
    this.role = this.serviceRole(functions);
    for (const each of functions) this.shiftCallsOf(each);
  }

  private deploymentConfig(canary: string): CfnDeploymentConfig {
    const share = readCanary(canary);
    if (share === undefined) throw new Error(`"${canary}" was not checked.`);
    return new CfnDeploymentConfig(this, 'Shift', {
      computePlatform: platform,
      trafficRoutingConfig: {
        type: 'TimeBasedCanary',
        timeBasedCanary: { canaryInterval: share.minutes, canaryPercentage: share.percent },
      },
    });
  }

  /**
   * Of AWSCodeDeployRoleForLambdaLimited what is used here: without hooks and revisions in S3, and
   * for these functions alone. The managed policy may move every alias of the account.
   * https://docs.aws.amazon.com/codedeploy/latest/userguide/getting-started-create-service-role.html
   */
  private serviceRole(functions: readonly HandlerFunction[]): Role {
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('codedeploy.amazonaws.com'),
      description: 'Gatehouse: shifts calls to new versions of the functions',
    });
    role.addToPolicy(
      new PolicyStatement({
        actions: [
          'lambda:GetAlias',
          'lambda:UpdateAlias',
          'lambda:GetProvisionedConcurrencyConfig',
        ],
        resources: functions.flatMap(({ function: { functionArn } }) => [
          functionArn,
          `${functionArn}:${liveAlias}`,
        ]),
      }),
    );
    role.addToPolicy(
      new PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] }),
    );
    acknowledge(role, {
      'AwsSolutions-IAM5[Resource::*]':
        'Which alarms are on is asked of all of them; it tells no more than the name and the state of one.',
      'NIST.800.53.R5-IAMNoInlinePolicy':
        'The policy belongs to this one role and must not outlive it or be attached to another.',
    });
    return role;
  }

  /** A deployment group has one deployment at a time, so each function has a group of its own. */
  private shiftCallsOf({ name, alias }: HandlerFunction): void {
    const resource = alias?.node.defaultChild;
    if (!(resource instanceof CfnAlias)) throw new Error(`${name} has no alias.`);
    const group = new CfnDeploymentGroup(this, name, {
      applicationName: this.application.ref,
      serviceRoleArn: this.role.roleArn,
      deploymentConfigName: this.shift.ref,
      deploymentStyle: {
        deploymentType: 'BLUE_GREEN',
        deploymentOption: 'WITH_TRAFFIC_CONTROL',
      },
      alarmConfiguration: {
        enabled: this.alarms.length > 0,
        alarms: this.alarms.map(({ alarmName }) => ({ name: alarmName })),
      },
      autoRollbackConfiguration: {
        enabled: true,
        events: [
          'DEPLOYMENT_FAILURE',
          'DEPLOYMENT_STOP_ON_REQUEST',
          ...(this.alarms.length > 0 ? ['DEPLOYMENT_STOP_ON_ALARM'] : []),
        ],
      },
    });
    // What the role may do has to be known before CodeDeploy does it.
    group.node.addDependency(this.role);
    resource.cfnOptions.updatePolicy = {
      codeDeployLambdaAliasUpdate: {
        applicationName: this.application.ref,
        deploymentGroupName: group.ref,
      },
    };
  }
}
