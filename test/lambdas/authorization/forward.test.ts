import { forwardToCognito } from '../../../lambdas/authorization/forward.ts';
import { memoryTable } from '../oauth/memory-table.ts';
import { anAuthorizationRequest, profileNamed } from './an-authorization-request.ts';

const now = new Date('2026-11-26T12:00:00Z');
const settings = {
  ISSUER_URL: 'https://mcp.example.com',
  COGNITO_DOMAIN: 'https://gatehouse.auth.eu-west-1.amazoncognito.com',
  COGNITO_CLIENT_ID: { claude: 'appclaude' },
} as const;
type Settings = Parameters<typeof forwardToCognito>[1];

const forwarded = async (request = anAuthorizationRequest(), more: Partial<Settings> = {}) => {
  const table = memoryTable();
  const { url } = await forwardToCognito(
    request,
    { ...settings, ...more } as unknown as Settings,
    table,
    now,
  );
  return { to: new URL(url), item: [...table.items.values()][0] };
};

it('Cognito is asked for the scopes, and for the address where the profile grants it', async () => {
  const { to } = await forwarded();
  expect(to.searchParams.get('scope')).toBe(
    'gatehouse/tools.call gatehouse/tools.read openid email',
  );
  const profile = { ...profileNamed('claude'), grantsEmail: false };
  const { to: without } = await forwarded(anAuthorizationRequest({ profile }));
  expect(without.searchParams.get('scope')).toBe('gatehouse/tools.call gatehouse/tools.read');
});

it('a hint leads to a company’s provider only where the deployment has some', async () => {
  const hinted = anAuthorizationRequest({ loginHint: 'a@Example.com' });
  expect((await forwarded(hinted)).to.searchParams.get('idp_identifier')).toBeNull();
  const { to } = await forwarded(hinted, { LOGIN_DOMAINS: ['example.com'] });
  expect(to.searchParams.get('idp_identifier')).toBe('example.com');
  expect(to.searchParams.get('login_hint')).toBe('a@Example.com');
});
