import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { keepWarm } from '../policy/keep-warm.ts';
import { acknowledge } from './acknowledge.ts';
import type { HandlerFunction } from './handler-function.ts';

export interface KeepWarmProps {
  readonly functions: readonly HandlerFunction[];
}

/**
 * A schedule that calls each function now and then, with nothing to do, so that Lambda keeps an
 * instance of it: docs/decisions/0016 says what that is worth and what it is not.
 */
export class KeepWarm extends Construct {
  constructor(scope: Construct, id: string, { functions }: KeepWarmProps) {
    super(scope, id);
    const rule = new CfnRule(this, 'Schedule', {
      description: 'Gatehouse: keeps one instance of a function warm',
      scheduleExpression: `rate(${keepWarm.everyMinutes} minutes)`,
      // What API Gateway invokes: an instance of another version would help nobody.
      targets: functions.map(({ name, invoked }) => ({
        id: name,
        arn: invoked.functionArn,
        input: JSON.stringify({ [keepWarm.member]: true }),
      })),
    });
    acknowledge(rule, {
      'Serverless-EventBusDLQ':
        'An event that is lost costs a cold start; the next one comes soon.',
    });
    for (const { name, invoked } of functions)
      new CfnPermission(this, name, {
        action: 'lambda:InvokeFunction',
        functionName: invoked.functionArn,
        principal: 'events.amazonaws.com',
        sourceArn: rule.attrArn,
      });
  }
}
