/**
 * Where the stack pretends to be deployed. Account and region are documentation values of AWS's
 * own.
 */
export interface Deployment {
  readonly region: string;
  readonly account: string;
  readonly partition: string;
  readonly urlSuffix: string;
  readonly stackName: string;
}

export const localDeployment: Deployment = {
  region: 'eu-west-1',
  account: '123456789012',
  partition: 'aws',
  urlSuffix: 'amazonaws.com',
  stackName: 'Gatehouse',
};

const partitions = [
  { region: /^cn-/, partition: 'aws-cn', urlSuffix: 'amazonaws.com.cn' },
  { region: /^us-gov-/, partition: 'aws-us-gov', urlSuffix: 'amazonaws.com' },
] as const;

/**
 * Where a stack says that it is deployed: `aws://{account}/{region}`, each of them `unknown-…`
 * where the app leaves it open.
 */
export const deploymentIn = (environment: string | undefined, stackName: string): Deployment => {
  const [, account = '', region = ''] = /^aws:\/\/([^/]+)\/([^/]+)$/.exec(environment ?? '') ?? [];
  const { partition, urlSuffix } =
    partitions.find((each) => each.region.test(region)) ?? localDeployment;
  return {
    stackName,
    account: /^\d+$/.test(account) ? account : localDeployment.account,
    ...(/^unknown-|^$/.test(region) ? { region: localDeployment.region } : { region }),
    partition,
    urlSuffix,
  };
};

export const pseudoParametersOf = (deployment: Deployment): Readonly<Record<string, string>> => ({
  'AWS::Region': deployment.region,
  'AWS::AccountId': deployment.account,
  'AWS::Partition': deployment.partition,
  'AWS::URLSuffix': deployment.urlSuffix,
  'AWS::StackName': deployment.stackName,
  'AWS::StackId': `arn:${deployment.partition}:cloudformation:${deployment.region}:${deployment.account}:stack/${deployment.stackName}/local`,
});
