import fc from 'fast-check';
import { compileTemplate } from '../../../local/gateway/mapping.ts';
import { integrationHeaders } from '../../../local/gateway/response-headers.ts';
import { TokenBucket } from '../../../local/gateway/token-bucket.ts';

describe('a token bucket', () => {
  it('admits the burst at once, then the rate', () => {
    const bucket = new TokenBucket({ ratePerSecond: 2, burst: 3 });
    const at = (...times: number[]) => times.map((time) => bucket.take(time));
    expect(at(0, 0, 0, 0)).toEqual([true, true, true, false]);
    expect(at(499, 500, 500, 1000, 1000)).toEqual([false, true, false, true, false]);
    expect(at(60_000, 60_000, 60_000, 60_000)).toEqual([true, true, true, false]);
  });

  it('never admits more than burst plus rate times the time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(3000), { maxLength: 200 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        (times, ratePerSecond, burst) => {
          const bucket = new TokenBucket({ ratePerSecond, burst });
          // In any order: requests come to the throttle when the authorizer has answered, not as
          // they arrived.
          const admitted = times.filter((time) => bucket.take(time)).length;
          const span = times.length === 0 ? 0 : (Math.max(...times) - Math.min(...times)) / 1000;
          expect(admitted).toBeLessThanOrEqual(burst + ratePerSecond * span + 1e-6);
        },
      ),
    );
  });

  it('does not lose its mind when the clock goes back', () => {
    const bucket = new TokenBucket({ ratePerSecond: 1, burst: 1 });
    expect([bucket.take(5000), bucket.take(1000), bucket.take(2000), bucket.take(6000)]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });
});

describe('a mapping template', () => {
  it('puts context variables in, and what stands for missing ones', () => {
    const render = compileTemplate(
      '{"id":"$context.requestId","who":"$context.authorizer.profile", "end": $context.status.}',
      'X',
      '-',
    );
    expect(render({ requestId: 'r-1', status: 403, authorizer: {} })).toBe(
      '{"id":"r-1","who":"-", "end": 403.}',
    );
  });

  it.each(['#set($x = 1)', '$input.body', '#if(true)'])('refuses Velocity: %s', (template) => {
    expect(() => compileTemplate(`{ ${template} }`, 'Response.application/json')).toThrow(
      'Response.application/json uses',
    );
  });
});

describe('the headers of an integration', () => {
  it('lose their names where API Gateway keeps those for itself', () => {
    expect(
      integrationHeaders([
        ['WWW-Authenticate', 'Bearer'],
        ['Server', 'me'],
        ['date', 'today'],
        ['Connection', 'close'],
        ['Transfer-Encoding', 'chunked'],
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2'],
        ['x-frame-options', 'DENY'],
      ]),
    ).toEqual([
      ['x-amzn-Remapped-WWW-Authenticate', 'Bearer'],
      ['x-amzn-Remapped-Server', 'me'],
      ['x-amzn-Remapped-date', 'today'],
      ['x-amzn-Remapped-Connection', 'close'],
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
      ['x-frame-options', 'DENY'],
    ]);
  });
});
