import { freshSeconds } from '../../../lambdas/http/freshness.ts';

const bounds = { least: 60, most: 86_400 };
const date = 'Tue, 24 Nov 2026 12:00:00 GMT';

describe('how long a reply may be kept', () => {
  it.each([
    [{ 'cache-control': 'max-age=600' }, 600],
    [{ 'cache-control': 'public, max-age=600' }, 600],
    [{ 'cache-control': 'max-age=600, s-maxage=900' }, 900],
    [{ 'cache-control': 'Max-Age="600"' }, 600],
    [{ 'cache-control': 'max-age=600', age: '100' }, 500],
    [{ 'cache-control': 'max-age=600', age: '1000' }, 60],
    [{ 'cache-control': 'max-age=1' }, 60],
    [{ 'cache-control': 'max-age=99999999' }, 86_400],
    [{ 'cache-control': 'no-store' }, 60],
    [{ 'cache-control': 'no-cache, max-age=600' }, 60],
    [{ 'cache-control': 'private, max-age=600' }, 60],
    [{ expires: 'Tue, 24 Nov 2026 12:10:00 GMT', date }, 600],
    [{ expires: '0', date }, 60],
    [{ expires: 'Tue, 24 Nov 2026 12:10:00 GMT', date, 'cache-control': 'max-age=300' }, 300],
    [{ 'cache-control': 'max-age=nonsense' }, 60],
    [{}, 60],
  ])('%j: %i s', (headers, seconds) => expect(freshSeconds(headers, bounds)).toBe(seconds));
});
