import * as z from 'zod';
import { propertiesOf, type Stack } from '../template/stack.ts';
import { matchesWildcard } from './wildcard.ts';

/** A service that wants to invoke a function. */
export interface Invocation {
  readonly functionArn: string;
  /** `apigateway.amazonaws.com` */
  readonly service: string;
  /** What of the service asks: a method, an authorizer, a user pool. */
  readonly sourceArn: string;
}

export type InvokePermissions = (invocation: Invocation) => boolean;

const permission = z.strictObject({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
  SourceAccount: z.string().optional(),
});

/**
 * `AWS::Lambda::Permission`: the only thing that lets a service invoke a function, as none of ours
 * invokes with a role.
 * https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
 */
export const readInvokePermissions = (stack: Stack): InvokePermissions => {
  const permissions = stack
    .resources('AWS::Lambda::Permission')
    .map((each) => propertiesOf(permission, each));
  return ({ functionArn, service, sourceArn }) =>
    permissions.some(
      ({ Action, FunctionName, Principal, SourceArn, SourceAccount }) =>
        matchesWildcard(Action, 'lambda:InvokeFunction') &&
        (FunctionName === functionArn || functionArn.endsWith(`:function:${FunctionName}`)) &&
        Principal === service &&
        (SourceArn === undefined || matchesWildcard(SourceArn, sourceArn)) &&
        (SourceAccount === undefined || SourceAccount === stack.deployment.account),
    );
};
