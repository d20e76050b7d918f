import * as z from 'zod';
import { type Aws, jsonCall } from '../../aws/aws.ts';
import { AwsError } from '../../aws/error.ts';
import { readStack } from '../../target/stack.ts';
import type { Check, Faults } from '../check.ts';
import { type Account, resourcesOf, withAws } from './account.ts';

/** https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateDetail.html */
const describedCertificate = z.looseObject({
  Certificate: z.looseObject({
    Status: z.string(),
    DomainName: z.string(),
    SubjectAlternativeNames: z.array(z.string()).default([]),
    /** Epoch seconds. */
    NotAfter: z.number().optional(),
    RenewalEligibility: z.string().optional(),
  }),
});
/** https://docs.aws.amazon.com/Route53/latest/APIReference/API_GetHostedZone.html */
const hostedZone = z.looseObject({
  GetHostedZoneResponse: z.looseObject({
    HostedZone: z.looseObject({
      Name: z.string(),
      Config: z.looseObject({ PrivateZone: z.string().default('false') }).optional(),
    }),
  }),
});
const describedDomain = z.looseObject({
  DomainDescription: z.looseObject({ UserPoolId: z.string().optional() }).default({}),
});

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** A wildcard stands for one label (RFC 9525 section 6.3). */
const covers = (pattern: string, name: string): boolean =>
  pattern === name ||
  (pattern.startsWith('*.') && name.split('.').slice(1).join('.') === pattern.slice(2));

const soonDays = 30;

const certificateFaults = async (
  aws: Aws,
  arn: string,
  name: string,
  now: Date,
): Promise<Faults> => {
  const region = arn.split(':')[3];
  if (region !== aws.region)
    return [`The certificate is in ${region}, and a regional endpoint takes one of ${aws.region}.`];
  const { Certificate: found } = describedCertificate.parse(
    await jsonCall(aws, 'acm', 'CertificateManager.DescribeCertificate', { CertificateArn: arn }),
  );
  const names = [found.DomainName, ...found.SubjectAlternativeNames];
  const daysLeft = found.NotAfter && (found.NotAfter * 1000 - now.getTime()) / 86_400_000;
  const endsSoon =
    daysLeft !== undefined && daysLeft < soonDays && found.RenewalEligibility !== 'ELIGIBLE';
  return [
    ...(found.Status === 'ISSUED' ? [] : [`The certificate is ${found.Status}, not ISSUED.`]),
    ...(names.some((each) => covers(each, name))
      ? []
      : [`The certificate is for ${names.join(', ')}, not for ${name}.`]),
    ...(endsSoon
      ? [`The certificate ends in ${Math.floor(daysLeft)} days, and is not renewed by itself.`]
      : []),
  ];
};

export const names: readonly Check<Account>[] = [
  withAws({
    id: 'login-domain',
    title: "Cognito's domain for the login pages is free",
    controls: [],
    fix: 'A prefix is unique in a region across all accounts: choose another one.',
    run: async (aws, { template }) => {
      const chosen = resourcesOf(template, 'AWS::Cognito::UserPoolDomain').flatMap(
        ({ Properties }) => textOf(Properties['Domain']) ?? [],
      );
      if (chosen.length === 0)
        return { faults: [], notes: ["It carries the stack's id, so nobody else has it."] };
      const isThere = (await readStack(aws, template.stack)) !== undefined;
      const faults: string[] = [];
      for (const domain of chosen) {
        const { DomainDescription: found } = describedDomain.parse(
          await jsonCall(
            aws,
            'cognito-idp',
            'AWSCognitoIdentityProviderService.DescribeUserPoolDomain',
            { Domain: domain },
          ),
        );
        if (found.UserPoolId !== undefined && !isThere)
          faults.push(`${domain} belongs to the user pool ${found.UserPoolId}.`);
      }
      return faults;
    },
  }),
  withAws({
    id: 'certificate',
    title: 'The certificate is issued, for the name and in the region of the stack',
    controls: [],
    fix: 'Put the validation record of "aws acm describe-certificate" into the zone and wait for ISSUED, or name another certificate in "domain".',
    run: async (aws, { template, now }) => {
      const domains = resourcesOf(template, 'AWS::ApiGateway::DomainName');
      const faults: string[] = [];
      for (const { Properties } of domains) {
        const name = textOf(Properties['DomainName']);
        const arn = textOf(Properties['RegionalCertificateArn']);
        if (name !== undefined && arn !== undefined)
          faults.push(...(await certificateFaults(aws, arn, name, now)));
      }
      return domains.length === 0
        ? { faults: [], notes: ['The configuration has no domain of its own.'] }
        : faults;
    },
  }),
  withAws({
    id: 'zone',
    title: 'The hosted zone is there, is public and holds the name',
    controls: [],
    fix: 'Name the id and the name of the zone in "domain.hostedZone", or leave it out and point a record at the output Target yourself.',
    run: async (aws, { template }) => {
      const records = resourcesOf(template, 'AWS::Route53::RecordSet');
      const faults = new Set<string>();
      for (const { Properties } of records) {
        const id = textOf(Properties['HostedZoneId']);
        const name = textOf(Properties['Name'])?.replace(/\.$/, '');
        if (id === undefined || name === undefined) continue;
        const zone = await zoneOf(aws, id);
        if (zone === undefined) faults.add(`There is no hosted zone ${id} in this account.`);
        else if (zone.isPrivate) faults.add(`The zone ${zone.name} is private.`);
        else if (name !== zone.name && !name.endsWith(`.${zone.name}`))
          faults.add(`The zone ${id} is ${zone.name}, which does not hold ${name}.`);
      }
      const notes = records.length === 0 ? ['The deployment makes no record.'] : [];
      return { faults: [...faults], notes };
    },
  }),
];

const zoneOf = async (aws: Aws, id: string) => {
  try {
    const { GetHostedZoneResponse } = hostedZone.parse(
      await aws.send({
        service: 'route53',
        path: `/2013-04-01/hostedzone/${encodeURIComponent(id)}`,
      }),
    );
    const { Name, Config } = GetHostedZoneResponse.HostedZone;
    return { name: Name.replace(/\.$/, ''), isPrivate: Config?.PrivateZone === 'true' };
  } catch (error) {
    if (error instanceof AwsError && error.code === 'NoSuchHostedZone') return undefined;
    throw error;
  }
};
