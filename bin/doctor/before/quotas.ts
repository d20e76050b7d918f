import * as z from 'zod';
import { type Aws, jsonCall } from '../../aws/aws.ts';
import type { DeployedTemplate } from '../../synthesis/deployed-template.ts';
import type { Check, Findings } from '../check.ts';
import { type Account, resourcesOf, withAws } from './account.ts';

/** https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_ListServiceQuotas.html */
const quotaPage = z.looseObject({
  Quotas: z.array(z.looseObject({ QuotaName: z.string(), Value: z.number() })).default([]),
  NextToken: z.string().optional(),
});

/** Follows the tokens of a list, and bounds how long. */
const pages = async <T>(
  read: (
    token: string | undefined,
  ) => Promise<{ readonly page: T; readonly next?: string | undefined }>,
): Promise<readonly T[]> => {
  const all: T[] = [];
  let token: string | undefined;
  do {
    const { page, next } = await read(token);
    all.push(page);
    token = next;
  } while (token !== undefined && all.length < mostPages);
  return all;
};
const mostPages = 200;

const webAcls = z.looseObject({
  WebACLs: z.array(z.unknown()).default([]),
  NextMarker: z.string().optional(),
});
const userPools = z.looseObject({
  UserPools: z.array(z.unknown()).default([]),
  NextToken: z.string().optional(),
});
/** With `Accept: application/json`, as the SDKs ask; `item` is the wire's name of the list. */
const gatewayItems = z.looseObject({
  item: z.array(z.unknown()).default([]),
  position: z.string().optional(),
});

const total = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0);

const gatewayCount =
  (path: string) =>
  async (aws: Aws): Promise<number> => {
    const read = await pages(async (token) => {
      const position = token === undefined ? '' : `&position=${encodeURIComponent(token)}`;
      const page = gatewayItems.parse(
        await aws.send({ service: 'apigateway', path: `${path}?limit=500${position}` }),
      );
      return { page: page.item.length, next: page.position };
    });
    return total(read);
  };

/** Something of which an account may have so many in a region. */
interface Counted {
  readonly what: string;
  readonly type: string;
  readonly serviceCode: string;
  readonly quotaName: RegExp;
  /** AWS's default, where Service Quotas lists none of that name. */
  readonly usual: number;
  readonly count: (aws: Aws) => Promise<number>;
}

/** Defaults of the services' own pages on quotas, read on 2026-11-26. */
const counted: readonly Counted[] = [
  {
    what: 'web ACLs',
    type: 'AWS::WAFv2::WebACL',
    serviceCode: 'wafv2',
    quotaName: /^maximum web acls per account in waf for regional/i,
    usual: 100,
    count: async (aws) => {
      const read = await pages(async (token) => {
        const page = webAcls.parse(
          await jsonCall(aws, 'wafv2', 'AWSWAF_20190729.ListWebACLs', {
            Scope: 'REGIONAL',
            Limit: 100,
            NextMarker: token,
          }),
        );
        // The last page is empty, or has no marker.
        return {
          page: page.WebACLs.length,
          next: page.WebACLs.length === 0 ? undefined : page.NextMarker,
        };
      });
      return total(read);
    },
  },
  {
    what: 'user pools',
    type: 'AWS::Cognito::UserPool',
    serviceCode: 'cognito-idp',
    quotaName: /^user pools\b/i,
    usual: 1000,
    count: async (aws) => {
      const read = await pages(async (token) => {
        const page = userPools.parse(
          await jsonCall(aws, 'cognito-idp', 'AWSCognitoIdentityProviderService.ListUserPools', {
            MaxResults: 60,
            NextToken: token,
          }),
        );
        return { page: page.UserPools.length, next: page.NextToken };
      });
      return total(read);
    },
  },
  {
    what: 'API keys',
    type: 'AWS::ApiGateway::ApiKey',
    serviceCode: 'apigateway',
    quotaName: /^api keys per account/i,
    usual: 10_000,
    count: gatewayCount('/apikeys'),
  },
  {
    what: 'usage plans',
    type: 'AWS::ApiGateway::UsagePlan',
    serviceCode: 'apigateway',
    quotaName: /^usage plans per account/i,
    usual: 300,
    count: gatewayCount('/usageplans'),
  },
];

const quotaOf = async (aws: Aws, { serviceCode, quotaName, usual }: Counted): Promise<number> => {
  const read = await pages(async (token) => {
    const page = quotaPage.parse(
      await jsonCall(aws, 'servicequotas', 'ServiceQuotasV20190624.ListServiceQuotas', {
        ServiceCode: serviceCode,
        MaxResults: 100,
        NextToken: token,
      }),
    );
    return { page: page.Quotas, next: page.NextToken };
  });
  return read.flat().find(({ QuotaName }) => quotaName.test(QuotaName))?.Value ?? usual;
};

const room = async (aws: Aws, each: Counted, template: DeployedTemplate): Promise<Findings> => {
  const needed = resourcesOf(template, each.type).length;
  const [there, most] = await Promise.all([each.count(aws), quotaOf(aws, each)]);
  const text = `${each.what}: ${there} of ${most} are there, and the template makes ${needed}.`;
  return there + needed > most ? { faults: [text], notes: [] } : { faults: [], notes: [text] };
};

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html */
const lambdaSettings = z.looseObject({
  AccountLimit: z.looseObject({
    ConcurrentExecutions: z.number(),
    UnreservedConcurrentExecutions: z.number(),
  }),
});

/** "You can't reserve all": Lambda keeps so many for functions without a reservation. */
const leastUnreserved = 100;

const number = (value: unknown): number => (typeof value === 'number' ? value : Number(value ?? 0));

export const quotas: readonly Check<Account>[] = [
  withAws({
    id: 'concurrency',
    title: 'Lambda may run as many functions at once as the configuration needs',
    controls: [],
    fix: 'Ask for more: aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000 (it takes a day), or reserve less ("concurrency" of the configuration).',
    run: async (aws, { template }) => {
      const { AccountLimit: limit } = lambdaSettings.parse(
        await aws.send({ service: 'lambda', path: '/2016-08-19/account-settings' }),
      );
      const reserved = total(
        resourcesOf(template, 'AWS::Lambda::Function').map(({ Properties }) =>
          number(Properties['ReservedConcurrentExecutions']),
        ),
      );
      const left = limit.UnreservedConcurrentExecutions - reserved;
      const text = `${limit.ConcurrentExecutions} at once in the account, ${limit.UnreservedConcurrentExecutions} of them unreserved; the template reserves ${reserved}.`;
      if (left >= leastUnreserved) return { faults: [], notes: [text] };
      return [
        reserved === 0
          ? `${text} A new account has 10: the first burst of clients gets 503.`
          : `${text} Lambda refuses to leave less than ${leastUnreserved}.`,
      ];
    },
  }),
  withAws({
    id: 'quotas',
    title: 'The account has room for web ACLs, a user pool, API keys and usage plans',
    controls: [],
    fix: 'Ask for more in the console of Service Quotas, or remove what nobody uses.',
    run: async (aws, { template }) => {
      const findings = await Promise.all(counted.map((each) => room(aws, each, template)));
      return {
        faults: findings.flatMap(({ faults }) => faults),
        notes: findings.flatMap(({ notes }) => notes),
      };
    },
  }),
];
