import { setCookie, withinBudget } from '../../../lambdas/authorization/cookie.ts';
import { sizes } from '../../../policy/limits.ts';

type Purpose = Parameters<typeof setCookie>[0];

const hashFor = (index: number) => index.toString(16).padStart(16, '0');

/** A browser that keeps cookies as RFC 6265 says: the oldest first. */
const browser = () => {
  const held = new Map<string, string>();
  return {
    header: () => [...held].map(([name, value]) => `${name}=${value}`).join('; '),
    take: (cookies: readonly string[]) => {
      for (const cookie of cookies) {
        const [pair = '', maxAge = ''] = cookie.split('; ');
        const [name = '', value = ''] = pair.split('=');
        if (maxAge === 'Max-Age=0') held.delete(name);
        else held.set(name, value);
      }
    },
    names: () => [...held.keys()],
  };
};

const open = (jar: ReturnType<typeof browser>, purpose: Purpose, index: number) =>
  jar.take(withinBudget(jar.header(), [setCookie(purpose, hashFor(index), 'x'.repeat(43), 600)]));

test.each(['consent', 'login', 'approved'] as const)(
  'however many %s cookies are set, the browser’s header stays within the budget',
  (purpose) => {
    const jar = browser();
    for (let index = 0; index < 103; index++) open(jar, purpose, index);
    expect(jar.names()).toHaveLength(sizes.loginCookies);
    // API Gateway takes 10,240 bytes of headers, and the browser's own need most of them.
    expect(jar.header().length).toBeLessThan(2500);
    expect(jar.names().at(-1)).toContain(hashFor(102));
    expect(jar.names()).not.toContainEqual(expect.stringContaining(hashFor(0)));
  },
);

test('a flood of consent pages drops neither an approval nor a login under way', () => {
  const jar = browser();
  open(jar, 'approved', 1);
  open(jar, 'login', 2);
  for (let index = 3; index < 103; index++) open(jar, 'consent', index);
  expect(jar.names().slice(0, 2)).toEqual([
    expect.stringContaining('approved'),
    expect.stringContaining('login'),
  ]);
});

test('a browser that holds far too many gets rid of them in bounded steps; others’ cookies stay', () => {
  const header = [
    'session=x',
    ...Array.from({ length: 100 }, (_, index) => setCookie('consent', hashFor(index), 'x', 1)),
  ]
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
  const cookies = withinBudget(header, []);
  expect(cookies).toHaveLength(sizes.loginCookies);
  expect(cookies.join()).not.toContain('session');
  expect(withinBudget('session=x; __Host-gatehouse-consent-evil\r\n=x', [])).toEqual([]);
  expect(withinBudget(undefined, [])).toEqual([]);
});

test('only our own cookies count, and one that is set now is neither counted twice nor dropped', () => {
  const name = (index: number) => `__Host-gatehouse-consent-${hashFor(index)}`;
  const own = Array.from({ length: sizes.loginCookies }, (_, index) => `${name(index)}=x`);
  const foreign = ['a=1', `a${name(90)}=x`, `${name(91)}0=x`];
  const header = [...own, ...foreign].join('; ');
  const again = setCookie('consent', hashFor(0), 'y', 600);
  expect(withinBudget(header, [again])).toEqual([again]);
  const another = setCookie('login', hashFor(92), 'y', 600);
  expect(withinBudget(header, [another])).toEqual([
    another,
    expect.stringContaining(`${name(0)}=; Max-Age=0`),
  ]);
});
