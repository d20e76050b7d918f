import { isObject } from '../findings.ts';
import { aDeployment, textOf } from '../rendered.ts';
import type { JudgedTemplate, Value } from '../templates.ts';
import { ofType, type Rule } from './rule.ts';

const text = (value: Value | undefined) => textOf(value, aDeployment);
const json = (value: Value | undefined) => JSON.stringify(value ?? null);

const statementsOf = (
  document: Value | undefined,
): readonly { readonly [key: string]: Value }[] => {
  const statements = isObject(document) ? document['Statement'] : [];
  return Array.isArray(statements) ? statements.filter(isObject) : [];
};

const allows = (document: Value | undefined, service: string, action: string): boolean =>
  statementsOf(document).some(
    ({ Effect, Principal, Action }) =>
      Effect === 'Allow' &&
      isObject(Principal) &&
      text(Principal['Service']) === service &&
      [Action ?? null].flat().includes(action),
  );

const cloudWatch = 'cloudwatch.amazonaws.com';

const alarmsReachSomebody: Rule = {
  name: "an alarm's topic and its key admit CloudWatch",
  judge: (template) => {
    const topics = new Set(
      ofType(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) =>
        json(Properties['AlarmActions']),
      ),
    );
    if (topics.has('null')) return ['an alarm tells nobody'];
    return ofType(template, 'AWS::SNS::Topic').flatMap(([id, { Properties }]) => {
      const policies = ofType(template, 'AWS::SNS::TopicPolicy').filter(([, policy]) =>
        json(policy.Properties['Topics']).includes(`"${id}"`),
      );
      const admitted = policies.every(([, policy]) =>
        allows(policy.Properties['PolicyDocument'], cloudWatch, 'sns:Publish'),
      );
      const keys = ofType(template, 'AWS::KMS::Key').filter(([key]) =>
        json(Properties['KmsMasterKeyId']).includes(`"${key}"`),
      );
      const decrypts = keys.every(([, key]) =>
        allows(key.Properties['KeyPolicy'], cloudWatch, 'kms:GenerateDataKey*'),
      );
      return [
        ...(admitted ? [] : [`${id} refuses CloudWatch`]),
        ...(decrypts ? [] : [`the key of ${id} refuses CloudWatch`]),
      ];
    });
  },
};

const regionalLogsPrincipal: Rule = {
  name: 'a key that logs are encrypted with admits the logs of its own region',
  judge: (template) =>
    ofType(template, 'AWS::KMS::Key').flatMap(([id, { Properties }]) => {
      const used = ofType(template, 'AWS::Logs::LogGroup').some(([, group]) =>
        json(group.Properties['KmsKeyId']).includes(`"${id}"`),
      );
      const service = `logs.${template.region ?? aDeployment.region}.amazonaws.com`;
      const admitted = allows(Properties['KeyPolicy'], service, 'kms:Encrypt');
      return used && !admitted ? [`${id} refuses ${service}`] : [];
    }),
};

const prefixedLogGroups: Rule = {
  name: 'the log group of a web ACL has the prefix that AWS WAF demands',
  judge: (template) =>
    ofType(template, 'AWS::WAFv2::LoggingConfiguration').flatMap(([id, { Properties }]) => {
      const groups = ofType(template, 'AWS::Logs::LogGroup').filter(([group]) =>
        json(Properties['LogDestinationConfigs']).includes(`"${group}"`),
      );
      if (groups.length === 0) return [`${id} writes to no log group of the stack`];
      return groups
        .filter(([, group]) => !text(group.Properties['LogGroupName']).startsWith('aws-waf-logs-'))
        .map(([group]) => `${group} is the log of a web ACL`);
    }),
};

/** docs.aws.amazon.com: AWS::Cognito::LogDeliveryConfiguration CloudWatchLogsConfiguration. */
const loginLogs: Rule = {
  name: 'the log group that Cognito exports to has the prefix of vended logs, and no key of the account',
  judge: (template) =>
    ofType(template, 'AWS::Cognito::LogDeliveryConfiguration').flatMap(([id, { Properties }]) => {
      const groups = ofType(template, 'AWS::Logs::LogGroup').filter(([group]) =>
        json(Properties['LogConfigurations']).includes(`"${group}"`),
      );
      if (groups.length === 0) return [`${id} writes to no log group of the stack`];
      return groups
        .filter(
          ([, group]) =>
            group.Properties['KmsKeyId'] !== undefined ||
            !text(group.Properties['LogGroupName']).startsWith('/aws/vendedlogs'),
        )
        .map(([group]) => `${group} is none that Cognito writes to`);
    }),
};

/** Of which an account and region have one, everybody's. */
const accountWide = [
  'AWS::ApiGateway::Account',
  'AWS::Logs::AccountPolicy',
  'AWS::S3::AccountPublicAccessBlock',
  'AWS::SES::ConfigurationSet',
  'AWS::XRay::TransactionSearchConfig',
];

const nothingAccountWide: Rule = {
  name: 'nothing that a whole account shares is overwritten',
  judge: ({ resources }) =>
    Object.entries(resources).flatMap(([id, { Type, Properties }]) => {
      if (accountWide.includes(Type)) return [`${id} is ${Type}`];
      const overwrites = /"iam:(\*|DeleteRole|PutRolePolicy|UpdateAssumeRolePolicy)"/;
      return Type === 'AWS::IAM::Policy' && overwrites.test(json(Properties['PolicyDocument']))
        ? [`${id} may change roles that are not its own`]
        : [];
    }),
};

const logGroupWatched = ({ resources }: JudgedTemplate, id: string): string => {
  const [, group] =
    /"LogGroup":\{"Ref":"(\w+)"/.exec(json(resources[id]?.Properties['LoggingConfig'])) ?? [];
  return group ?? '';
};

/** The function that an ARN invokes, also by an alias. */
const functionBehind = ({ resources }: JudgedTemplate, arn: string): string | undefined => {
  const [, fn] = /"Fn::GetAtt":\["(\w+)"/.exec(arn) ?? [];
  if (fn !== undefined) return fn;
  const aliases = Array.from(arn.matchAll(/"Ref":"(\w+)"/g), ([, id = '']) => resources[id]);
  const alias = aliases.find((resource) => resource?.Type === 'AWS::Lambda::Alias');
  return /"Ref":"(\w+)"/.exec(json(alias?.Properties['FunctionName']))?.[1];
};

/** What every client meets when it begins: one 401, which the authorizer can only throw. */
const alarmsKeepQuiet: Rule = {
  name: 'no alarm fires on what every client does',
  judge: (template) => {
    const authorizers = ofType(template, 'AWS::ApiGateway::Authorizer').flatMap(
      ([, { Properties }]) => functionBehind(template, json(Properties['AuthorizerUri'])) ?? [],
    );
    return ofType(template, 'AWS::CloudWatch::Alarm').flatMap(([id, { Properties }]) => {
      const metrics = [Properties, Properties['Metrics'] ?? []].map(json).join();
      if (metrics.includes('"4XXError"')) return [`${id} watches 4XX responses`];
      if (!metrics.includes('"Errors"')) return [];
      return authorizers
        .filter((authorizer) => metrics.includes(`"${authorizer}"`))
        .map((authorizer) => `${id} counts the 401s of ${authorizer}`);
    });
  },
};

const authorizerWatched: Rule = {
  name: 'what really fails in the authorizer has an alarm',
  judge: (template) =>
    ofType(template, 'AWS::CloudWatch::Alarm').some(([, { Properties }]) =>
      // By the authorizer itself, or in the gateway's log, which has those that it cannot count.
      /"MetricName":"(AuthorizerFailure|FailedAuthorizations)"/.test(json(Properties)),
    )
      ? []
      : ['no alarm looks at AuthorizerFailure'],
};

const ownLogGroups: Rule = {
  name: 'every function writes to a log group of the stack',
  judge: (template) =>
    ofType(template, 'AWS::Lambda::Function')
      .filter(([id]) => template.resources[logGroupWatched(template, id)] === undefined)
      .map(([id]) => `${id} lets Lambda make a log group that nobody encrypts or ends`),
};

export const deliveryRules: readonly Rule[] = [
  alarmsReachSomebody,
  regionalLogsPrincipal,
  prefixedLogGroups,
  loginLogs,
  nothingAccountWide,
  alarmsKeepQuiet,
  authorizerWatched,
  ownLogGroups,
];
