import { lifetimes } from '../../policy/lifetimes.ts';
import { emailWords, type Scope, scopes } from '../../policy/scopes.ts';
import { escapeHtml } from '../errors/page.ts';
import type { HttpResponse } from '../middleware/secured.ts';
import { hashOf, newSecret } from '../oauth/secret.ts';
import type { AuthorizationRequest } from './authorization-request.ts';
import { setCookie } from './cookie.ts';
import { page } from './pages.ts';

const isScope = (name: string): name is Scope => Object.hasOwn(scopes, name);

const localWarning = `<p class="warning"><strong>This app runs on your own computer.</strong> Any program there can ask like this, under any name.
Approve only if you have just started this connection yourself.</p>
`;

/**
 * OAUTH-8: who asks, for what, and where the answer goes, before anything is forwarded to Cognito.
 */
export const consentPage = (asked: AuthorizationRequest, issuer: string): HttpResponse => {
  const { client, profile, redirectUri } = asked;
  const token = newSecret();
  const fields = formFields(asked);
  const inputs = Object.entries({ ...fields, csrf: token }).map(
    ([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`,
  );
  const words = asked.scopes.map((scope) => (isScope(scope) ? scopes[scope].words : scope));
  const could = [...words, ...(profile.grantsEmail ? [emailWords] : [])].map(
    (each) => `<li>${escapeHtml(each)}</li>`,
  );
  const described =
    client.documentHost &&
    `The app is described by <strong>${escapeHtml(client.documentHost)}</strong>. `;
  const claimed = client.selfNamed ? 'The app chose its name itself; nobody has checked it. ' : '';
  const body = `<p>It wants to use the tools of <strong>${escapeHtml(new URL(issuer).host)}</strong> in your name.</p>
${profile.loopback ? localWarning : ''}<h2>It could</h2>
<ul>
${could.join('\n')}
</ul>
<p>If you approve, you sign in, and the app is answered at <strong>${escapeHtml(new URL(redirectUri).host)}</strong>.</p>
<p><small>${described ?? claimed}If you did not start this, deny.</small></p>
<form method="post" action="${escapeHtml(issuer)}/consent">
${inputs.join('\n')}
<div class="choice">
<button class="main" name="decision" value="approve">Approve</button>
<button name="decision" value="deny">Deny</button>
</div>
</form>`;
  const cookie = setCookie(
    'consent',
    hashOf(token),
    formHash(token, fields),
    lifetimes.transactionSeconds,
  );
  return page(`Allow “${client.name}” to connect?`, body, [cookie]);
};

/**
 * The form repeats the request in canonical form; `/consent` checks all of it again, as nothing is
 * stored before the approval.
 */
const formFields = (asked: AuthorizationRequest): Readonly<Record<string, string>> => ({
  client_id: asked.client.id,
  redirect_uri: asked.redirectUri,
  response_type: 'code',
  code_challenge: asked.codeChallenge,
  code_challenge_method: 'S256',
  scope: asked.scopes.join(' '),
  resource: asked.resource,
  ...(asked.state !== undefined && { state: asked.state }),
  ...(asked.prompts.length > 0 && { prompt: asked.prompts.join(' ') }),
});

/**
 * Ties the (small, see the test of a pile of them) cookie to the token and all that the page
 * showed: no other contents can be posted.
 */
export const formHash = (token: string, fields: Readonly<Record<string, string>>): string =>
  hashOf(token, ...Object.entries(fields).flat()).slice(0, 32);
