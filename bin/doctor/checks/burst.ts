import { endpoints } from '../../../policy/endpoints.ts';
import { addressLimits, userLimits } from '../../../policy/limits.ts';
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
    run: async ({ issuer, send, sendAtOnce = send }) => {
      let refused: Response | undefined;
      let sent = 0;
      while (refused === undefined && sent < mostRequests) {
        const response = await sendAtOnce({ url: `${issuer}${endpoints.health.path}` });
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
  {
    id: 'user-limit',
    title: "A person's calls are counted exactly, and refused with the time to wait",
    controls: ['RATE-5'],
    fix: 'The table that counts is not reached, or the limits of the configuration are higher than those of policy/limits.ts.',
    needs: 'token and burst',
    run: async ({ mcpUrl, send, sendAtOnce = send, token = '' }) => {
      const headers = {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      };
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
      for (let sent = 0; sent <= userLimits.perMinute; sent += 1) {
        const response = await sendAtOnce({ method: 'POST', url: mcpUrl, headers, body });
        if (response.status === 429)
          return expectThat(
            Number(response.headers.get('retry-after')) > 0,
            'The refusal has no Retry-After.',
          );
      }
      return [
        `${userLimits.perMinute + 1} calls in a minute were taken; the limit is ${userLimits.perMinute}.`,
      ];
    },
  },
];
