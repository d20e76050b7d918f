import { endpoints } from '../../policy/endpoints.ts';
import { lifetimes } from '../../policy/lifetimes.ts';
import type { PageBrand } from '../../policy/pages.ts';
import { epochSeconds } from '../aws/table.ts';
import { escapeHtml } from '../errors/page.ts';
import type { HttpResponse } from '../middleware/secured.ts';
import { dayOf, ownWords, permissionList } from './app-words.ts';
import { isRememberable } from './approval.ts';
import type { AuthorizationRequest } from './authorization-request.ts';
import { newForm } from './consent-form.ts';
import { page } from './pages.ts';

/** What both pages need beside the request. */
export interface ConsentPage {
  readonly issuer: string;
  readonly brand: PageBrand | null;
  readonly now: Date;
}

const localWarning = `<p class="warning"><strong>This app runs on your own computer.</strong> Any program there can ask like this, under any name.
Approve only if you have just started this connection yourself.</p>
`;

/**
 * OAUTH-8: who asks, for what, and where the response goes, before anything is forwarded to Cognito.
 * @param forgotten what is said and set where the person has just taken an approval back
 */
export const consentPage = (
  request: AuthorizationRequest,
  { issuer, brand, now }: ConsentPage,
  forgotten: { readonly cookies: readonly string[] } | undefined = undefined,
): HttpResponse => {
  const { client, profile, redirectUri } = request;
  const form = newForm(request, now);
  const until = dayOf(epochSeconds(now) + lifetimes.rememberedConsentSeconds);
  const body = `${forgotten === undefined ? '' : '<p role="status">Your approval is forgotten: this app is asked about again.</p>\n'}<p>An app wants to use the tools of ${whose(issuer, brand)} in your name.</p>
${ownWords(client)}${profile.loopback ? localWarning : ''}<h2>It could</h2>
${permissionList(request)}<p>If you approve, you sign in, and the app gets its access at <strong>${escapeHtml(new URL(redirectUri).host)}</strong>.</p>
<p><small>If you did not start this, deny.${isRememberable(request) ? ` This browser keeps an approval until ${until}.` : ''}</small></p>
${choice(issuer, form.fields, { main: ['approve', 'Approve'], other: ['deny', 'Deny'] })}`;
  return page({
    title: 'Allow an app to connect?',
    body,
    brand,
    cookies: [form.cookie, ...(forgotten?.cookies ?? [])],
  });
};

/**
 * OAUTH-8: the person has approved exactly this in this browser before. The page says of what and
 * until when, and goes on only by a click: a refresh that leaves time to read would take that time
 * from slow readers (WCAG 2.2, 2.2.1), and one that does not announces nothing.
 */
export const keptPage = (
  request: AuthorizationRequest,
  { issuer, brand, now }: ConsentPage,
  expiresAt: number,
): HttpResponse => {
  const form = newForm(request, now);
  const body = `<p>You have allowed this app to use the tools of ${whose(issuer, brand)} in your name. This browser keeps that until <strong>${dayOf(expiresAt)}</strong>.</p>
${ownWords(request.client)}<h2>You allowed it to</h2>
${permissionList(request)}<p>It gets its access at <strong>${escapeHtml(new URL(request.redirectUri).host)}</strong>.</p>
<p><small>If you did not start this, close this page.</small></p>
${choice(issuer, form.fields, { main: ['continue', 'Continue'], other: ['forget', 'Forget this approval'] })}`;
  return page({ title: 'Connect this app again?', body, brand, cookies: [form.cookie] });
};

/** A name that is written from right to left must not turn the host after it around. */
const whose = (issuer: string, brand: PageBrand | null): string => {
  const host = `<strong>${escapeHtml(new URL(issuer).host)}</strong>`;
  return brand === null ? host : `<strong><bdi>${escapeHtml(brand.name)}</bdi></strong> (${host})`;
};

/** Value and words of a button. */
type Button = readonly [decision: string, words: string];

/** The form that a page is answered by: it repeats what the page showed. */
const choice = (
  issuer: string,
  fields: Readonly<Record<string, string>>,
  { main, other }: { readonly main: Button; readonly other: Button },
): string => `<form method="post" action="${escapeHtml(issuer)}${endpoints.consent.path}">
${hiddenInputs(fields).join('\n')}
<div class="choice">
<button class="main" name="decision" value="${main[0]}">${main[1]}</button>
<button name="decision" value="${other[0]}">${other[1]}</button>
</div>
</form>`;

const hiddenInputs = (fields: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`,
  );
