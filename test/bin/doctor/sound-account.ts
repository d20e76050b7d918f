import type { Call, StubAnswer } from '../aws-stub.ts';

const query = (operation: string, result: string): StubAnswer => ({
  body: `<${operation}Response><${operation}Result>${result}</${operation}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></${operation}Response>`,
});

/** An error of the query protocol. */
export const queryError = (code: string, message: string): StubAnswer => ({
  status: 400,
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
});

/** An error of the JSON protocols. */
export const jsonError = (type: string, message: string, status = 400): StubAnswer => ({
  status,
  body: { __type: type, message },
});

export const certificate = (changed: object = {}): StubAnswer => ({
  body: {
    Certificate: {
      CertificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/1',
      DomainName: 'example.com',
      SubjectAlternativeNames: ['example.com', '*.example.com'],
      Status: 'ISSUED',
      NotAfter: 4_000_000_000,
      RenewalEligibility: 'ELIGIBLE',
      ...changed,
    },
  },
});

export const zone = (name: string, isPrivate = false): StubAnswer => ({
  body: `<?xml version="1.0"?><GetHostedZoneResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><HostedZone><Id>/hostedzone/Z1</Id><Name>${name}.</Name><CallerReference>1</CallerReference><Config><PrivateZone>${isPrivate}</PrivateZone></Config><ResourceRecordSetCount>2</ResourceRecordSetCount></HostedZone><DelegationSet><NameServers><NameServer>ns-1.awsdns-01.org</NameServer></NameServers></DelegationSet></GetHostedZoneResponse>`,
});

export const concurrency = (all: number, unreserved = all): StubAnswer => ({
  body: {
    AccountLimit: {
      TotalCodeSize: 80_530_636_800,
      CodeSizeUnzipped: 262_144_000,
      CodeSizeZipped: 52_428_800,
      ConcurrentExecutions: all,
      UnreservedConcurrentExecutions: unreserved,
    },
    AccountUsage: { TotalCodeSize: 1, FunctionCount: 1 },
  },
});

export const role = 'arn:aws:iam::111122223333:role/api-gateway-logs';

const quotaNames: Readonly<Record<string, readonly (readonly [string, number])[]>> = {
  wafv2: [['Maximum web ACLs per account in WAF for regional', 100]],
  'cognito-idp': [['Rate of UserCreation requests', 50]],
  apigateway: [['API keys per account', 10_000]],
};

/**
 * What AWS answers for an account that is ready, by operation: the shapes are those of the services'
 * published models.
 */
export const soundAccount: Readonly<Record<string, StubAnswer | ((call: Call) => StubAnswer)>> = {
  GetCallerIdentity: query(
    'GetCallerIdentity',
    '<Arn>arn:aws:sts::111122223333:assumed-role/Deploy/ada</Arn><UserId>AROA:ada</UserId><Account>111122223333</Account>',
  ),
  'AmazonSSM.GetParameter': {
    body: { Parameter: { Name: '/cdk-bootstrap/hnb659fds/version', Type: 'String', Value: '30' } },
  },
  'GET /account': {
    body: {
      cloudwatchRoleArn: role,
      throttleSettings: { burstLimit: 5000, rateLimit: 10_000 },
      features: ['UsagePlans'],
      apiKeyVersion: '4',
    },
  },
  GetRole: query('GetRole', '<Role><Arn>arn</Arn><RoleName>api-gateway-logs</RoleName></Role>'),
  'GET /2016-08-19/account-settings': concurrency(1000),
  'AWSWAF_20190729.ListWebACLs': ({ input }) => ({
    body:
      input['NextMarker'] === undefined
        ? { NextMarker: 'more', WebACLs: [{ Name: 'one', Id: '1', ARN: 'arn:1', LockToken: 'x' }] }
        : { WebACLs: [] },
  }),
  'AWSCognitoIdentityProviderService.ListUserPools': {
    body: { UserPools: [{ Id: 'eu-west-1_other', Name: 'other' }] },
  },
  'AWSCognitoIdentityProviderService.DescribeUserPoolDomain': { body: { DomainDescription: {} } },
  'GET /apikeys?limit=500': { body: { item: [{ id: 'a', name: 'a', enabled: true }] } },
  'GET /usageplans?limit=500': { body: { position: 'x y', item: [{ id: 'a' }] } },
  'GET /usageplans?limit=500&position=x%20y': { body: { item: [{ id: 'b' }] } },
  'ServiceQuotasV20190624.ListServiceQuotas': ({ input }) => ({
    body: {
      Quotas: (quotaNames[String(input['ServiceCode'])] ?? []).map(([QuotaName, Value]) => ({
        QuotaName,
        Value,
        QuotaCode: 'L-1',
      })),
    },
  }),
  'CertificateManager.DescribeCertificate': certificate(),
  'GET /2013-04-01/hostedzone/Z1': zone('example.com'),
  DescribeStacks: queryError('ValidationError', 'Stack with id Gatehouse-prod does not exist'),
  'GET /domainnames/mcp.example.com': jsonError(
    'NotFoundException',
    'Invalid domain name identifier specified',
    404,
  ),
  'ResourceGroupsTaggingAPI_20170126.GetResources': {
    body: { PaginationToken: '', ResourceTagMappingList: [] },
  },
};
