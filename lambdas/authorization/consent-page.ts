import { endpoints } from '../../policy/endpoints.ts';
import { emailWords, type Scope, scopes } from '../../policy/scopes.ts';
import { escapeHtml } from '../errors/page.ts';
import type { HttpResponse } from '../middleware/secured.ts';
import type { Client } from '../oauth/client-registry.ts';
import type { AuthorizationRequest } from './authorization-request.ts';
import { newForm } from './consent-form.ts';
import { page } from './pages.ts';

const isScope = (name: string): name is Scope => Object.hasOwn(scopes, name);

const localWarning = `<p class="warning"><strong>This app runs on your own computer.</strong> Any program there can ask like this, under any name.
Approve only if you have just started this connection yourself.</p>
`;

/**
 * OAUTH-8: who asks, for what, and where the response goes, before anything is forwarded to Cognito.
 */
export const consentPage = (
  request: AuthorizationRequest,
  issuer: string,
  now: Date,
): HttpResponse => {
  const { client, profile, redirectUri } = request;
  const form = newForm(request, now);
  const body = `<p>An app wants to use the tools of <strong>${escapeHtml(new URL(issuer).host)}</strong> in your name.</p>
${ownWords(client)}${profile.loopback ? localWarning : ''}<h2>It could</h2>
<ul>
${permissions(request).join('\n')}
</ul>
<p>If you approve, you sign in, and the app gets its access at <strong>${escapeHtml(new URL(redirectUri).host)}</strong>.</p>
<p><small>If you did not start this, deny.</small></p>
<form method="post" action="${escapeHtml(issuer)}${endpoints.consent.path}">
${hiddenInputs(form.fields).join('\n')}
<div class="choice">
<button class="main" name="decision" value="approve">Approve</button>
<button name="decision" value="deny">Deny</button>
</div>
</form>`;
  return page('Allow an app to connect?', body, [form.cookie]);
};

/**
 * What a client says of itself stands in a box of its own and is marked as such: never inside a
 * sentence or heading of ours, which it could continue.
 */
const ownWords = (client: Client): string => `<figure class="own-words">
<figcaption>${whoseWords(client)}</figcaption>
<blockquote dir="auto">${escapeHtml(client.name)}</blockquote>
</figure>
`;

const whoseWords = ({ documentHost, selfNamed }: Client): string => {
  if (documentHost !== undefined)
    return `The app calls itself, in a document at <strong>${escapeHtml(documentHost)}</strong>:`;
  return selfNamed
    ? 'The app calls itself (nobody has checked it):'
    : 'An app of this kind is set up here as:';
};

const permissions = ({ scopes: granted, profile }: AuthorizationRequest): readonly string[] => {
  const words = granted.map((scope) => (isScope(scope) ? scopes[scope].words : scope));
  return [...words, ...(profile.grantsEmail ? [emailWords] : [])].map(
    (each) => `<li>${escapeHtml(each)}</li>`,
  );
};

const hiddenInputs = (fields: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`,
  );
