import { type Gatehouse, startGatehouse } from '../../../local/runtime.ts';
import { edgeHeaders } from '../../../policy/edge.ts';
import { addressLimits } from '../../../policy/limits.ts';
import { freshAddress, sender } from '../runtime/send.ts';

const limit = addressLimits.find(({ name }) => name === 'oauth')?.requests ?? 0;

/** Everything that a server somewhere has believed, and what the distribution itself writes. */
const claims: Readonly<Record<string, (address: string) => Readonly<Record<string, string>>>> = {
  'X-Forwarded-For': (address) => ({ 'x-forwarded-for': address }),
  'X-Forwarded-For, a list': (address) => ({
    'x-forwarded-for': `${address}, ${address}, ${address}`,
  }),
  'X-Real-IP': (address) => ({ 'x-real-ip': address }),
  Forwarded: (address) => ({ forwarded: `for=${address};proto=https` }),
  'the viewer header': (address) => ({ [edgeHeaders.viewerAddress]: address }),
  'the viewer header in upper case': (address) => ({
    [edgeHeaders.viewerAddress.toUpperCase()]: address,
  }),
  'the origin header': (address) => ({ [edgeHeaders.originSecret]: address }),
};
const together = (address: string) =>
  Object.assign({}, ...Object.values(claims).map((claim) => claim(address)));

describe.each(['domain', 'stage', 'cloudfront'] as const)(
  'RATE-10 in URL mode %s: the address that counts is the caller’s',
  (urlMode) => {
    let gatehouse: Gatehouse;
    let prefix: string;
    beforeAll(async () => {
      gatehouse = await startGatehouse({ urlMode });
      gatehouse.clock.stop();
      prefix = new URL(gatehouse.publicUrl).pathname.replace(/\/$/, '');
    });
    afterAll(() => gatehouse?.stop());

    it.each([...Object.entries(claims), ['all of them together', together] as const])(
      'whatever it claims by %s',
      async (_, claim) => {
        const send = sender(gatehouse.port);
        const [caller, victim] = [freshAddress(), freshAddress()];
        const requested = async (from: string, claimed: string) =>
          (
            await send({
              method: 'POST',
              path: `${prefix}/token`,
              from,
              headers: claim(claimed),
              body: '',
            })
          ).status;
        // Another one each time, then somebody else's: neither a fresh count nor a count on the
        // other's account.
        for (let index = 0; index < limit; index += 1)
          expect(await requested(caller, index % 2 ? victim : `203.0.113.${index}`)).not.toBe(429);
        expect(await requested(caller, '203.0.113.99')).toBe(429);
        expect(await requested(caller, victim)).toBe(429);
        expect(await requested(victim, caller)).not.toBe(429);
        // The stage's own throttle is for all callers together.
        gatehouse.clock.advance(1000);
      },
    );

    it('and it is what handlers and the authorizer log', async () => {
      const send = sender(gatehouse.port);
      const from = freshAddress();
      gatehouse.logs.splice(0);
      const headers = { ...together('203.0.113.7'), 'content-type': 'application/json' };
      await send({ method: 'POST', path: `${prefix}/token`, from, headers, body: '{' });
      await send({
        method: 'POST',
        path: `${prefix}/mcp`,
        from,
        headers: { ...headers, authorization: 'Bearer nonsense' },
        body: '{}',
      });
      const events = gatehouse.logs.filter(({ line }) =>
        line.includes('"message":"Security event"'),
      );
      expect(events.map(({ line }) => /"sourceIp":"([^"]*)"/.exec(line)?.[1])).toEqual([
        from,
        from,
      ]);
      expect(gatehouse.logs.map(({ line }) => line).join('\n')).not.toContain('203.0.113.7');
    });
  },
);
