import { consentPage, keptPage } from '../../../lambdas/authorization/consent-page.ts';
import { lifetimes } from '../../../policy/lifetimes.ts';
import { emailWords, scopes } from '../../../policy/scopes.ts';
import { anAuthorizationRequest, profileNamed } from './an-authorization-request.ts';

const now = new Date('2026-11-26T12:00:00Z');
const page = { issuer: 'https://mcp.example.com', brand: null, now };
const brand = { name: 'Acme & Co' };

/** What a person reads, part by part: the text between the tags. */
const partsOf = (body: unknown): string[] =>
  (/<main[^>]*>(.*)<\/main>/s.exec(String(body))?.[1] ?? '')
    .replace(/<[^>]*>/g, '\n')
    .replaceAll('&#38;', '&')
    .split('\n')
    .map((part) => part.trim())
    .filter(Boolean);

const buttonsOf = (body: unknown): string[][] =>
  Array.from(
    String(body).matchAll(/<button[^>]* name="decision" value="(\w*)">([^<]*)<\/button>/g),
    ([, value = '', words = '']) => [value, words],
  );

const permissions = [
  scopes['gatehouse/tools.call'].words,
  scopes['gatehouse/tools.read'].words,
  emailWords,
];
const day = '26 Dec 2026';
const tomorrow = now.getTime() / 1000 + 24 * 60 * 60;

it('the days of this test are those of the policy', () => {
  expect(lifetimes.rememberedConsentSeconds).toBe(30 * 24 * 60 * 60);
});

describe('the consent page', () => {
  it('says who asks, for what, where it goes and for how long', () => {
    const { body, cookies = [], headers } = consentPage(anAuthorizationRequest(), page);
    expect(partsOf(body)).toEqual([
      'Allow an app to connect?',
      'An app wants to use the tools of',
      'mcp.example.com',
      'in your name.',
      'An app of this kind is set up here as:',
      'Claude',
      'It could',
      ...permissions,
      'If you approve, you sign in, and the app gets its access at',
      'claude.ai',
      '.',
      `If you did not start this, deny. This browser keeps an approval until ${day}.`,
      'Approve',
      'Deny',
    ]);
    expect(buttonsOf(body)).toEqual([
      ['approve', 'Approve'],
      ['deny', 'Deny'],
    ]);
    expect(cookies).toHaveLength(1);
    expect(headers?.['content-type']).toBe('text/html; charset=utf-8');
    // The box of the client's own words is drawn as one.
    expect(body).toContain('.own-words{');
  });

  it('warns of a program on the person’s own computer, and keeps no approval of it', () => {
    const request = anAuthorizationRequest({
      client: { id: 'x', name: 'X', selfNamed: true, redirectUris: [], profiles: [] },
      profile: { ...profileNamed('loopback'), grantsEmail: false },
      redirectUri: 'http://localhost:1/cb',
    });
    const parts = partsOf(consentPage(request, page).body);
    expect(parts).toContain('The app calls itself (nobody has checked it):');
    expect(parts).toContain('This app runs on your own computer.');
    expect(parts).toContain('If you did not start this, deny.');
    expect(parts).not.toContain(emailWords);
    const list = parts.slice(
      parts.indexOf('It could') + 1,
      parts.indexOf('If you approve, you sign in, and the app gets its access at'),
    );
    expect(list).toEqual(permissions.filter((each) => each !== emailWords));
  });

  it('names whose tools they are, where the owner has a name', () => {
    const { body } = consentPage(anAuthorizationRequest(), { ...page, brand });
    expect(partsOf(body).join(' ')).toContain(
      'to use the tools of Acme & Co ( mcp.example.com ) in your name.',
    );
  });

  it('keeps a name that is written from right to left away from the host', () => {
    const arabic = { name: 'شركة الأوامر' };
    const { body } = consentPage(anAuthorizationRequest(), { ...page, brand: arabic });
    expect(body).toContain(
      `<strong><bdi>${arabic.name}</bdi></strong> (<strong>mcp.example.com</strong>)`,
    );
  });

  it('says what a granted scope brings with it, whose own words do not', () => {
    const request = anAuthorizationRequest({ scopes: ['gatehouse/tools.call'] });
    const parts = partsOf(consentPage(request, page).body);
    expect(parts.slice(parts.indexOf('It could') + 1)).toEqual(expect.arrayContaining(permissions));
  });

  it('says that an approval was forgotten, and takes its cookie away', () => {
    const forgotten = { cookies: ['approved=; Max-Age=0'] };
    const { body, cookies } = consentPage(anAuthorizationRequest(), page, forgotten);
    expect(partsOf(body)).toContain('Your approval is forgotten: this app is asked about again.');
    expect(cookies).toEqual([expect.stringContaining('-consent-'), ...forgotten.cookies]);
  });
});

it('the page of an approval that is kept says what was allowed and until when', () => {
  const { body, cookies } = keptPage(anAuthorizationRequest(), page, tomorrow);
  expect(partsOf(body)).toEqual([
    'Connect this app again?',
    'You have allowed this app to use the tools of',
    'mcp.example.com',
    'in your name. This browser keeps that until',
    '27 Nov 2026',
    '.',
    'An app of this kind is set up here as:',
    'Claude',
    'You allowed it to',
    ...permissions,
    'It gets its access at',
    'claude.ai',
    '.',
    'If you did not start this, close this page.',
    'Continue',
    'Forget this approval',
  ]);
  expect(buttonsOf(body)).toEqual([
    ['continue', 'Continue'],
    ['forget', 'Forget this approval'],
  ]);
  expect(cookies).toHaveLength(1);
});
