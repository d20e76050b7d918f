/** A fault that another test goes red for: the file, and what the test's name contains. */
export interface TestedFault {
  readonly fault: string;
  readonly file: string;
  readonly test: string;
}

export const testedFaults: readonly TestedFault[] = [
  {
    fault: 'a rule of access is dropped on its way to the function or the authorizer',
    file: 'test/lib/gatehouse.test.ts',
    test: 'gives its rules of access to the function, the authorizer and whoever reads the template',
  },
  {
    fault: 'a definition is missing in the table of access',
    file: 'test/lambdas/mcp/protocol/access.test.ts',
    test: 'a definition that the table of access does not have is nobody’s',
  },
  {
    fault: 'a refused call tells that the tool exists',
    file: 'test/lambdas/mcp/protocol/access.test.ts',
    test: '%s %j is answered as what is not there, byte for byte',
  },
  {
    fault: 'the authorizer asks a scope for what is not for the caller',
    file: 'test/lambdas/authorizer/authorizer.test.ts',
    test: '%s needs its scope of the group, and of others no more than what is not there',
  },
  {
    fault: 'a list that was written for one group comes to another',
    file: 'test/lambdas/mcp/protocol/access.test.ts',
    test: 'the lists of two people side by side',
  },
  {
    fault: 'a group that opens a tool does not reach it, run through',
    file: 'test/e2e/permissions.test.ts',
    test: 'shows two people their own lists side by side, and opens a tool to one of them',
  },
  {
    fault: 'a limit costs another access to the table, or is not exact',
    file: 'test/lambdas/store/user-windows.test.ts',
    test: 'the windows count as a plain list of all calls does, in one write each',
  },
  {
    fault: 'a fresh account has no logging role',
    file: 'test/lib/logging-role.test.ts',
    test: "the account's logging role",
  },
  {
    fault: 'an environment over 4 KB passes the synthesis',
    file: 'test/lib/environment-size.test.ts',
    test: 'that would be over 4 KB fails the synthesis, and names the variable',
  },
  {
    fault: 'the topic is no output',
    file: 'test/lib/observability/observability.test.ts',
    test: 'is an output',
  },
  {
    fault: 'while a secret is unknown, every request reads it',
    file: 'test/lambdas/aws/rotating-secret.test.ts',
    test: 'is read once by 200 requests while it cannot be had, and again after a growing wait',
  },
  {
    fault: 'an IPv6 host counts as one of 2^64 addresses',
    file: 'test/lib/edge/distribution.test.ts',
    test: 'counts %s as %s: an IPv6 host has all addresses of its /64 (RATE-10)',
  },
  {
    fault: 'a caller can force X-Ray to sample',
    file: 'test/lib/edge/distribution.test.ts',
    test: 'takes off what would have every request traced',
  },
  {
    fault: 'an idle stage costs over $30 a month',
    file: 'test/bin/cost/cost.test.ts',
    test: 'an idle stage of the default configuration costs at most $30 a month',
  },
  {
    fault: 'a name is too long, or a property is none that AWS publishes',
    file: 'test/judges/walk.test.ts',
    test: 'every property of every described configuration is as AWS publishes it',
  },
  {
    fault: 'two deployments share a global name',
    file: 'test/judges/shared-names.test.ts',
    test: 'share no name that AWS has once',
  },
  {
    fault: 'nobody is told how to make the first user, whose address is not verified',
    file: 'test/bin/user/actions.test.ts',
    test: 'invites somebody whose address counts as verified',
  },
  {
    fault: 'a command of the documents cannot be typed, or has a place to fill in',
    file: 'test/judges/documents.test.ts',
    test: 'leave no argument empty, and no place to fill in',
  },
  {
    fault: 'the checks after a deployment begin with anything but a login',
    file: 'test/judges/documents.test.ts',
    test: 'begin the checks with a login',
  },
  {
    fault: 'the threat model does not say who can read the origin secret',
    file: 'test/judges/documents.test.ts',
    test: 'the threat model says who can read the origin secret',
  },
  {
    fault: 'a managed rule refuses the login of a loopback client, run through',
    file: 'test/e2e/aws-faults.test.ts',
    test: 'EC2MetaDataSSRF_QUERYARGUMENTS, without our exception, refuses the login of a loopback client',
  },
  {
    fault: 'a managed rule refuses a question about Log4j, run through',
    file: 'test/e2e/aws-faults.test.ts',
    test: 'Log4JRCE_BODY, without our exception, refuses a question about Log4j',
  },
  {
    fault: "the user pool's web ACL locks everybody out, run through",
    file: 'test/e2e/aws-faults.test.ts',
    test: 'the one before the user pool, if it counts our token function, locks everybody out of managed login',
  },
  {
    fault: 'custom authentication alone shows an error, run through',
    file: 'test/e2e/aws-faults.test.ts',
    test: 'with custom authentication as the clients’ only flow shows an error instead of a form',
  },
  {
    fault: 'a user made by an administrator has no verified address, run through',
    file: 'test/e2e/aws-faults.test.ts',
    test: 'gives no address of a user whom an administrator made without saying that it is verified',
  },
  {
    fault: 'alarms reach nobody, run through',
    file: 'test/e2e/aws-faults.test.ts',
    test: 'alarms that CloudWatch may not publish stop the start',
  },
  {
    fault: 'an environment over 4 KB, run through',
    file: 'test/e2e/aws-faults.test.ts',
    test: 'an environment over 4 KB stops the start',
  },
  {
    fault: "cold starts exceed Cognito's quota of DescribeUserPoolClient",
    file: 'test/e2e/aws-faults.test.ts',
    test: 'stays within Cognito’s quota through cold starts, whatever the machine’s speed',
  },
  {
    fault: 'CloudFront adds our headers to what it answers itself, so the local runtime says',
    file: 'test/local/cdn/cdn.test.ts',
    test: 'adds no headers of its policy to what it answers itself',
  },
];
