import { createHash } from 'node:crypto';
import * as z from 'zod';
import { StartupFailure } from '../failure.ts';
import { propertiesOf, type Stack } from '../template/stack.ts';
import { type Action, isAllowed, policyDocument, type Statement } from './role-policy.ts';

/** Who may do what, by the access key that a request is signed with. */
export type Permissions = (accessKeyId: string, action: Action) => boolean;

/**
 * The access key of whoever runs as a role: of AWS's shape, and good for nothing but to tell roles
 * apart.
 */
export const accessKeyOf = (roleArn: string): string =>
  `ASIA${createHash('sha256').update(roleArn).digest('hex').slice(0, 16).toUpperCase()}`;

/**
 * Lambda's own policies (logs, traces, network interfaces) say nothing of a table; what others say
 * is not known here.
 */
const lambdaPolicy =
  /:iam::aws:policy\/(?:service-role\/AWSLambda|AWSXRayDaemonWriteAccess|CloudWatchLambda)/;

const role = z.looseObject({
  ManagedPolicyArns: z.array(z.string()).default([]),
  Policies: z.array(z.looseObject({ PolicyDocument: policyDocument })).default([]),
});
const attachment = z.looseObject({ Roles: z.array(z.string()).default([]) });
const policy = attachment.extend({ PolicyDocument: policyDocument });

/**
 * The permissions of the functions' roles, as the template gives them. A key of no role is that of
 * whoever owns the computer, as an administrator's is on AWS: a test, or a command that looks at the
 * table.
 */
export const readPermissions = (stack: Stack): Permissions => {
  // What other roles may do (API Gateway's, that writes logs) nobody asks here.
  const running = new Set(
    stack.resources('AWS::Lambda::Function').map(({ properties }) => properties['Role']),
  );
  const roles = stack
    .resources('AWS::IAM::Role')
    .filter(({ logicalId }) => running.has(stack.attribute(logicalId, 'Arn')));
  const theirs = new Set(roles.map(({ logicalId }) => stack.ref(logicalId)));
  const attached = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
    stack
      .resources(type)
      .filter((resource) =>
        propertiesOf(attachment, resource).Roles.some((name) => theirs.has(name)),
      )
      .map((resource) => propertiesOf(policy, resource)),
  );
  const managed = new Set(
    stack.resources('AWS::IAM::ManagedPolicy').map(({ logicalId }) => stack.ref(logicalId)),
  );
  const statementsOf = new Map<string, readonly Statement[]>();
  for (const resource of roles) {
    const { logicalId } = resource;
    const { ManagedPolicyArns, Policies } = propertiesOf(role, resource);
    const unknown = ManagedPolicyArns.find((arn) => !lambdaPolicy.test(arn) && !managed.has(arn));
    if (unknown !== undefined)
      throw new StartupFailure(
        `The local runtime does not know what ${logicalId} may do by ${unknown}: name the actions in a policy.`,
      );
    const own = [
      ...Policies,
      ...attached.filter(({ Roles }) => Roles.includes(stack.ref(logicalId))),
    ];
    statementsOf.set(
      accessKeyOf(stack.attribute(logicalId, 'Arn')),
      own.flatMap(({ PolicyDocument }) => PolicyDocument),
    );
  }
  return (accessKeyId, action) => {
    const statements = statementsOf.get(accessKeyId);
    return statements === undefined || isAllowed(statements, action);
  };
};
