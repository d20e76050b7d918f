import type { Value } from './templates.ts';

/** What CloudFormation knows of a deployment before it makes anything. */
export interface Deployment {
  readonly region: string;
  readonly stackName: string;
  /** The first eight hexadecimal digits differ for each creation of a stack. */
  readonly stackUuid: string;
}

/** The longest name of a region that there is, as `ap-southeast-1`. */
export const aDeployment: Deployment = {
  region: 'ap-southeast-1',
  stackName: 'Gatehouse-prod',
  stackUuid: '51af3dc0-da77-11e4-872e-1234567db123',
};

const account = '123456789012';

/**
 * A value with all that CloudFormation puts in before it makes anything. What another resource has
 * to say first stays as `${logicalId.attribute}`.
 */
export const textOf = (value: Value | undefined, deployment: Deployment): string => {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map((each) => textOf(each, deployment)).join();
  if (typeof value !== 'object' || value === null) return String(value);
  const [[name, argument] = ['', null]] = Object.entries(value);
  const list = Array.isArray(argument) ? argument : [argument];
  if (name === 'Ref') return pseudo(textOf(argument, deployment), deployment);
  if (name === 'Fn::GetAtt') return `\${${textOf(list, deployment).replace(',', '.')}}`;
  if (name === 'Fn::Join') return elements(list[1], deployment).join(textOf(list[0], deployment));
  if (name === 'Fn::Select')
    return elements(list[1], deployment)[Number(list[0])] ?? JSON.stringify(value);
  if (name === 'Fn::Sub')
    return textOf(list[0], deployment).replaceAll(/\$\{([\w:.]+)\}/g, (_, ref: string) =>
      pseudo(ref, deployment),
    );
  return JSON.stringify(value);
};

const elements = (value: Value | undefined, deployment: Deployment): readonly string[] => {
  if (Array.isArray(value)) return value.map((each) => textOf(each, deployment));
  const split = typeof value === 'object' && value !== null ? value['Fn::Split'] : undefined;
  if (!Array.isArray(split)) return [textOf(value, deployment)];
  return textOf(split[1], deployment).split(textOf(split[0], deployment));
};

const pseudo = (name: string, { region, stackName, stackUuid }: Deployment): string => {
  const known: Readonly<Record<string, string>> = {
    'AWS::Region': region,
    'AWS::AccountId': account,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stackName,
    'AWS::StackId': `arn:aws:cloudformation:${region}:${account}:stack/${stackName}/${stackUuid}`,
  };
  return known[name] ?? `\${${name}}`;
};
