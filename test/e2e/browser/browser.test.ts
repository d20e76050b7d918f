import fc from 'fast-check';
import { CookieJar } from './cookie-jar.ts';
import { decodeHtml, readPage } from './html.ts';

const local = new URL('http://localhost:3000/authorize');

describe('the test browser’s cookie jar', () => {
  const jarOf = (...headers: readonly string[]) => {
    const jar = new CookieJar();
    jar.store(local, headers, 0);
    return jar;
  };
  const at = (jar: CookieJar, url: string, method = 'GET', crossSite = false, now = 1) =>
    jar.header(new URL(url), method, crossSite, now);

  it('shares cookies between the ports of a host, and not between hosts', () => {
    const jar = jarOf('a=1; Path=/');
    expect(at(jar, 'http://localhost:9999/')).toBe('a=1');
    expect(at(jar, 'http://127.0.0.1:3000/')).toBe('');
  });

  it('drops what breaks the promise of its prefix', () => {
    expect(
      jarOf(
        '__Host-a=1; Path=/; Secure; HttpOnly',
        '__Host-b=1; Path=/',
        '__Host-c=1; Path=/x; Secure',
      ).names('localhost'),
    ).toEqual(['__Host-a']);
  });

  it('keeps lax cookies from another site’s POST, and strict ones from its links too', () => {
    const jar = jarOf('lax=1; Path=/; SameSite=Lax', 'strict=1; Path=/; SameSite=Strict');
    expect(at(jar, 'http://localhost/', 'POST', true)).toBe('');
    expect(at(jar, 'http://localhost/', 'GET', true)).toBe('lax=1');
    expect(at(jar, 'http://localhost/', 'POST')).toBe('lax=1; strict=1');
  });

  it('honours paths, ages and deletions', () => {
    const jar = jarOf('a=1; Path=/consent', 'b=1; Path=/; Max-Age=10');
    expect(at(jar, 'http://localhost/consent/x')).toBe('a=1; b=1');
    expect(at(jar, 'http://localhost/consentx')).toBe('b=1');
    expect(at(jar, 'http://localhost/', 'GET', false, 10_000)).toBe('');
    jar.store(local, ['b=; Path=/; Max-Age=0'], 2);
    expect(at(jar, 'http://localhost/')).toBe('');
  });
});

describe('the test browser’s reading of a page', () => {
  it('finds forms with their labels, hidden fields and buttons', () => {
    const page =
      readPage(`<!doctype html><title>Sign &amp; go</title><form method="POST" action="/login?a=1&amp;b=2">
      <input type=hidden name="_csrf" value='x"y'><label for="u">Email <b>address</b></label><input id="u" name="username" required>
      <button name="decision" value="approve">Allow</button><button type="button" name="no">No</button></form>`);
    expect(page.title).toBe('Sign & go');
    expect(page.forms).toEqual([
      {
        action: '/login?a=1&b=2',
        method: 'post',
        fields: [
          { name: '_csrf', type: 'hidden', value: 'x"y', checked: false, label: '' },
          { name: 'username', type: 'text', value: '', checked: false, label: 'Email address' },
        ],
        buttons: [{ name: 'decision', value: 'approve', text: 'Allow' }],
      },
    ]);
  });

  it('finds a meta refresh', () => {
    expect(
      readPage('<meta http-equiv="refresh" content="0; url=http://localhost/x?a=1&amp;b=2">')
        .refresh,
    ).toBe('http://localhost/x?a=1&b=2');
    expect(readPage('<meta name="viewport" content="width=device-width">').refresh).toBeUndefined();
  });

  it('reads back every text that was escaped, and never throws', () => {
    const escapes: Readonly<Record<string, string>> = {
      '&': '&amp;',
      '<': '&lt;',
      '>': '&gt;',
      '"': '&quot;',
      "'": '&#39;',
    };
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeHtml(text.replace(/[&<>"']/g, (character) => escapes[character] ?? ''))).toBe(
          text,
        );
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => void readPage(`<form>${text}</form>`)),
    );
  });
});
