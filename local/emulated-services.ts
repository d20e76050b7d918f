import * as z from 'zod';
import { trailSubjects } from '../policy/audit-trail.ts';
import { type Cognito, startCognito, type User } from './cognito/cognito.ts';
import { readIdentityProvider } from './cognito/federation/identity-provider.ts';
import { appClientSecret } from './cognito/identifiers.ts';
import type { Mail } from './cognito/mail.ts';
import type { CognitoState } from './cognito/state.ts';
import {
  readAppClient,
  readResourceServer,
  readUserPool,
  readUserPoolDomain,
  readUserPoolGroup,
} from './cognito/template.ts';
import { type Dynamodb, type DynamodbConfiguration, startDynamodb } from './dynamodb/dynamodb.ts';
import { StartupFailure } from './failure.ts';
import { readFirewall } from './firewall/firewall.ts';
import type { Permissions } from './iam/permissions.ts';
import { type LogsApi, type LogsApiSettings, startLogsApi } from './logs/logs-api.ts';
import type { Stack } from './template/stack.ts';
import type { ResolvedResource } from './template/template.ts';

const only = (stack: Stack, type: string): ResolvedResource => {
  const [resource, ...others] = stack.resources(type);
  if (resource === undefined || others.length > 0)
    throw new StartupFailure(`The template should have exactly one ${type}.`);
  return resource;
};

export interface CognitoSettings {
  readonly stack: Stack;
  readonly users: readonly User[];
  readonly clock: () => number;
  /** Invokes one of the pool's triggers, which the template names by ARN. */
  readonly trigger: (
    functionArn: string,
    userPoolArn: string,
  ) => (event: unknown) => Promise<unknown>;
  /** Whether a secret is one that nobody has given. */
  readonly isMadeUp: (secret: string) => boolean;
  readonly quotaClock?: () => number;
  readonly state?: CognitoState;
  readonly onMail?: (mail: Mail) => void;
}

/** Cognito as the template's user pool, clients and resource servers describe it. */
export const startUserPool = ({
  stack,
  users,
  clock,
  trigger,
  isMadeUp,
  quotaClock,
  state,
  onMail,
}: CognitoSettings): Promise<Cognito> => {
  const pool = only(stack, 'AWS::Cognito::UserPool');
  const domain = only(stack, 'AWS::Cognito::UserPoolDomain');
  const arn = stack.attribute(pool.logicalId, 'Arn');
  const { preTokenGenerationArn, preSignUpArn, passwordPolicy, selfSignUp } = readUserPool(
    pool.logicalId,
    pool.properties,
  );
  return startCognito({
    userPoolId: stack.ref(pool.logicalId),
    region: stack.deployment.region,
    clients: stack.resources('AWS::Cognito::UserPoolClient').map(({ logicalId, properties }) =>
      readAppClient(logicalId, properties, {
        clientId: stack.ref(logicalId),
        clientSecret: appClientSecret(),
      }),
    ),
    resourceServers: stack
      .resources('AWS::Cognito::UserPoolResourceServer')
      .map(({ logicalId, properties }) => readResourceServer(logicalId, properties)),
    domain: readUserPoolDomain(domain.logicalId, domain.properties),
    groups: stack
      .resources('AWS::Cognito::UserPoolGroup')
      .map(({ logicalId, properties }) => readUserPoolGroup(logicalId, properties)),
    users,
    clock,
    selfSignUp,
    ...(passwordPolicy && { passwordPolicy }),
    ...(onMail && { onMail }),
    firewall: readFirewall(stack, arn),
    ...(quotaClock && { quotaClock }),
    ...(state && { state }),
    ...(preTokenGenerationArn !== undefined && {
      preTokenGeneration: trigger(preTokenGenerationArn, arn),
    }),
    ...(preSignUpArn !== undefined && { preSignUp: trigger(preSignUpArn, arn) }),
    identityProviders: stack
      .resources('AWS::Cognito::UserPoolIdentityProvider')
      .map(({ logicalId, properties }) => readIdentityProvider(logicalId, properties, isMadeUp)),
  });
};

const tableVariable = z.looseObject({
  Environment: z.looseObject({ Variables: z.looseObject({ TABLE_NAME: z.string() }) }),
});
const trailWriter = z.looseObject({
  Environment: z.looseObject({
    Variables: z.looseObject({ POWERTOOLS_SERVICE_NAME: z.literal('audit-trail') }),
  }),
  LoggingConfig: z.looseObject({ LogGroup: z.string() }),
});

const trailSubject = z.looseObject({
  Environment: z.looseObject({
    Variables: z.looseObject({ AUDIT_SUBJECT: z.enum(trailSubjects) }),
  }),
});

/** Log group of the audit trail. */
const trailGroupIn = (stack: Stack): string => {
  const [group] = stack
    .resources('AWS::Lambda::Function')
    .flatMap(({ properties }) => trailWriter.safeParse(properties).data ?? []);
  if (group === undefined)
    throw new StartupFailure('The template has no function audit-trail with a log group.');
  return group.LoggingConfig.LogGroup;
};

/**
 * What a command needs to know to find somebody and to write down what it does: the user pool, the
 * table of Gatehouse's own, and the log group of the audit trail with how people stand in it.
 */
export const namesIn = (
  stack: Stack,
): {
  readonly userPool: string;
  readonly table: string;
  readonly trail: string;
  readonly subjects: (typeof trailSubjects)[number];
} => {
  const functions = stack.resources('AWS::Lambda::Function');
  const [table] = functions
    .flatMap(({ properties }) => tableVariable.safeParse(properties).data ?? [])
    .map(({ Environment }) => Environment.Variables.TABLE_NAME);
  if (table === undefined) throw new StartupFailure('No function of the template has TABLE_NAME.');
  const [subjects] = functions
    .flatMap(({ properties }) => trailSubject.safeParse(properties).data ?? [])
    .map(({ Environment }) => Environment.Variables.AUDIT_SUBJECT);
  if (subjects === undefined)
    throw new StartupFailure('No function of the template has AUDIT_SUBJECT.');
  return {
    userPool: stack.ref(only(stack, 'AWS::Cognito::UserPool').logicalId),
    table,
    trail: trailGroupIn(stack),
    subjects,
  };
};

/** CloudWatch Logs with the log groups of the template. */
export const startLogs = (
  stack: Stack,
  { permits, onLine }: Pick<LogsApiSettings, 'permits' | 'onLine'>,
): Promise<LogsApi> =>
  startLogsApi({
    groups: new Map(
      stack
        .resources('AWS::Logs::LogGroup')
        .map(({ logicalId }) => [stack.ref(logicalId), stack.attribute(logicalId, 'Arn')]),
    ),
    permits,
    onLine,
  });

const tableTypes = ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'] as const;

/** DynamoDB with the tables of every stack that is emulated. */
export const startTables = (
  stacks: readonly Stack[],
  permits: Permissions,
  items?: DynamodbConfiguration['items'],
): Promise<Dynamodb> =>
  startDynamodb({
    permits,
    ...(items && { items }),
    tables: stacks.flatMap((stack) =>
      tableTypes.flatMap((type) =>
        stack.resources(type).map(({ logicalId, properties }) => ({
          logicalId,
          type,
          tableName: stack.ref(logicalId),
          arn: stack.attribute(logicalId, 'Arn'),
          properties,
        })),
      ),
    ),
  });
