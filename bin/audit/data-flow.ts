import {
  functionsBehind,
  functionsOf,
  ofType,
  type Resources,
  referencesIn,
  statementsOf,
} from './resources.ts';

export interface Flow {
  readonly from: string;
  readonly to: string;
  readonly what: string;
}

const kinds = {
  'AWS::DynamoDB::Table': 'table',
  'AWS::Cognito::UserPool': 'user pool',
  'AWS::Logs::LogGroup': 'logs',
  'AWS::SecretsManager::Secret': 'secrets',
  'AWS::S3::Bucket': 'bucket',
} as const;

const isKind = (type: string): type is keyof typeof kinds => Object.hasOwn(kinds, type);

/**
 * Who sends data to whom, from the template: what stands before the API, which function has
 * which path, and what the roles of the functions may reach.
 */
export const dataFlow = (resources: Resources): readonly Flow[] => {
  const has = (type: string) => ofType(resources, type).length > 0;
  const edge = has('AWS::CloudFront::Distribution') ? ['CloudFront'] : [];
  const firewall = has('AWS::WAFv2::WebACLAssociation') ? ['web ACL'] : [];
  const line = ['client', ...edge, ...firewall, 'API Gateway'];
  const inward = line.slice(1).map((to, index) => ({ from: line[index] ?? '', to, what: 'https' }));
  const invoked = ofType(resources, 'AWS::ApiGateway::Method').flatMap(([, { Integration }]) =>
    functionsBehind(Integration, resources),
  );
  const authorizers = ofType(resources, 'AWS::ApiGateway::Authorizer').flatMap(
    ([, { AuthorizerUri }]) => functionsBehind(AuthorizerUri, resources),
  );
  const reached = functionsOf(resources).flatMap(([name, , { Role }]) =>
    referencesIn(statementsOf(resources, referencesIn(Role))).flatMap((id) => {
      const type = resources[id]?.Type ?? '';
      return isKind(type) ? [{ from: name, to: kinds[type], what: 'AWS API, signed' }] : [];
    }),
  );
  const pool = has('AWS::Cognito::UserPoolClient')
    ? [
        { from: 'client', to: 'user pool', what: 'the login page, by the browser' },
        { from: 'token', to: 'user pool', what: 'codes and refresh tokens' },
      ]
    : [];
  return unique([
    ...inward,
    ...authorizers.map((to) => ({ from: 'API Gateway', to, what: 'headers, to be judged' })),
    ...invoked.map((to) => ({ from: 'API Gateway', to, what: 'requests' })),
    ...pool,
    ...reached,
  ]);
};

const unique = (flows: readonly Flow[]): readonly Flow[] => [
  ...new Map(flows.map((flow) => [`${flow.from} ${flow.to}`, flow])).values(),
];
