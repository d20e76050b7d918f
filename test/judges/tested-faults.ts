/** A fault that another test goes red for: the file, and what the test's name contains. */
export interface TestedFault {
  readonly fault: string;
  readonly file: string;
  readonly test: string;
}

export const testedFaults: readonly TestedFault[] = [
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
