import type { Promises } from '../../../lib/breaking/promises.ts';
import type { BreakingChange } from '../../../policy/deployment.ts';

/** What a deployment promises, and for each kind of breaking change one that breaks it alone. */
export const kept: Promises = {
  url: 'https://mcp.example.com/mcp',
  issuer: 'https://mcp.example.com',
  userPool: 'Pool',
  userAttributes: { email: '{"required":true}' },
  loginDomain: 'Domain',
  resourceServer: 'Server gatehouse',
  scopes: ['orders.read', 'tools.read'],
  clients: { claude: 'Client true', 'machine-nightly': 'Machine true' },
  providers: ['COGNITO', 'Okta'],
  table: 'Table',
};

export const broken: Readonly<Record<BreakingChange, Partial<Promises>>> = {
  url: { url: 'https://other.example.com/mcp' },
  issuer: { issuer: 'https://other.example.com' },
  userPool: { userPool: 'Another' },
  userAttributes: { userAttributes: {} },
  loginDomain: { loginDomain: 'Another' },
  resourceServer: { resourceServer: 'Server orders' },
  scopes: { scopes: ['tools.read'] },
  clients: { clients: { claude: 'Client true' } },
  providers: { providers: ['COGNITO'] },
  table: { table: 'Another' },
};
