import { endpoints } from '../../../policy/endpoints.ts';
import { addressLimits } from '../../../policy/limits.ts';
import { type Check, expectThat } from '../check.ts';
import type { Response } from '../send.ts';

const limit = addressLimits.find(({ name }) => name === 'health') ?? addressLimits[0];

/** AWS WAF counts every 10 s and may act 30 s late, so the flood is twice the limit and goes on. */
const mostRequests = limit.requests * 4;

export const burst: readonly Check[] = [
  {
    id: 'rate-limit',
    title: 'A flood from one address is refused, with the time to wait',
    controls: ['RATE-6', 'RATE-9'],
    fix: 'The web ACL is not associated with the stage, or counts another address than the caller\'s: see "WebAclArn" of the stage.',
    needs: 'burst',
    run: async ({ issuer, send }) => {
      let refused: Response | undefined;
      let sent = 0;
      while (refused === undefined && sent < mostRequests) {
        const response = await send({ url: `${issuer}${endpoints.health.path}` });
        sent += 1;
        if (response.status === 429) refused = response;
      }
      if (refused === undefined)
        return [
          `${sent} requests were taken; the limit is ${limit.requests} in ${limit.perSeconds} s.`,
        ];
      return expectThat(
        Number(refused.headers.get('retry-after')) > 0,
        'The refusal has no Retry-After.',
      );
    },
  },
];
