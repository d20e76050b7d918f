import * as z from 'zod';
import { jsonCall, queryCall } from '../../aws/aws.ts';
import { AwsError } from '../../aws/error.ts';
import type { DeployedTemplate } from '../../synthesis/deployed-template.ts';
import type { Check, Faults } from '../check.ts';
import { type Account, resourcesOf, withAws } from './account.ts';

const parameter = z.looseObject({ Parameter: z.looseObject({ Value: z.string() }) });
/** https://docs.aws.amazon.com/apigateway/latest/api/API_GetAccount.html */
const gatewayAccount = z.looseObject({ cloudwatchRoleArn: z.string().optional() });

/** CDK's templates ask for it (rule CheckBootstrapVersion). */
const leastBootstrapVersion = 6;

/** The stack says where it goes, and a deployment with other credentials would be refused there. */
const elsewhere = (
  login: Pick<DeployedTemplate, 'account' | 'region'>,
  { stack, ...wanted }: Pick<DeployedTemplate, 'stack' | 'account' | 'region'>,
): Faults =>
  (['account', 'region'] as const).flatMap((where) =>
    wanted[where] === undefined || wanted[where] === login[where]
      ? []
      : [`${stack} goes to the ${where} ${wanted[where]}, and this is ${login[where]}.`],
  );

export const environment: readonly Check<Account>[] = [
  {
    id: 'credentials',
    title: 'There are credentials, and they are valid in a region',
    controls: [],
    fix: 'Name a profile with --profile or AWS_PROFILE, log in ("aws sso login"), and set AWS_REGION or --region.',
    run: async ({ refusal, caller, id, aws, template }) => ({
      faults:
        refusal === undefined
          ? elsewhere({ account: id, region: aws?.region }, template)
          : [refusal],
      notes: caller === undefined ? [] : [`${caller} in ${aws?.region}`],
    }),
  },
  withAws({
    id: 'bootstrap',
    title: 'The account is bootstrapped for the CDK in this region',
    controls: [],
    fix: 'npx cdk bootstrap, once an account and region.',
    run: async (aws, { template }) => {
      const name = template.bootstrapParameter;
      if (name === undefined) return { faults: [], notes: ['The app deploys without it.'] };
      try {
        const { Parameter } = parameter.parse(
          await jsonCall(aws, 'ssm', 'AmazonSSM.GetParameter', { Name: name }),
        );
        return Number(Parameter.Value) >= leastBootstrapVersion
          ? { faults: [], notes: [`version ${Parameter.Value}`] }
          : [
              `The bootstrap stack has version ${Parameter.Value}, and needs ${leastBootstrapVersion}.`,
            ];
      } catch (error) {
        if (error instanceof AwsError && error.code === 'ParameterNotFound')
          return [`There is no parameter ${name} in ${aws.region}.`];
        throw error;
      }
    },
  }),
  withAws({
    id: 'logging-role',
    title: 'API Gateway may write logs in this account, or the deployment makes the role',
    controls: [],
    fix: 'A role that is gone: aws apigateway update-account --patch-operations op=replace,path=/cloudwatchRoleArn,value= and deploy. A company that keeps roles to itself: "cloudWatchRole": false, and no access log.',
    run: async (aws, { template }) => {
      const writesLog = resourcesOf(template, 'AWS::ApiGateway::Stage').some(
        ({ Properties }) => Properties['AccessLogSetting'] !== undefined,
      );
      if (!writesLog) return { faults: [], notes: ['The stage writes no access log.'] };
      const { cloudwatchRoleArn: arn } = gatewayAccount.parse(
        await aws.send({ service: 'apigateway', path: '/account' }),
      );
      if (arn === undefined) {
        const isMade = resourcesOf(template, 'Custom::ApiGatewayLoggingRole').length > 0;
        return isMade
          ? { faults: [], notes: ['There is none yet: the deployment makes it.'] }
          : ['There is no role, and the template makes none.'];
      }
      return (await roleIsThere(aws, arn))
        ? { faults: [], notes: [arn] }
        : [`The account names ${arn}, and there is no such role: creating the stage fails.`];
    },
  }),
];

const roleIsThere = async (aws: Parameters<typeof queryCall>[0], arn: string): Promise<boolean> => {
  try {
    await queryCall(aws, 'iam', '2010-05-08', 'GetRole', {
      RoleName: arn.split('/').at(-1) ?? '',
    });
    return true;
  } catch (error) {
    if (error instanceof AwsError && /^NoSuchEntity/.test(error.code)) return false;
    throw error;
  }
};
