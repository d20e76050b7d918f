import * as z from 'zod';
import { endpoints } from '../../../policy/endpoints.ts';
import { addressLimits } from '../../../policy/limits.ts';
import { type Check, expectThat, type Findings, type Target } from '../check.ts';
import { jsonMembers, type Response } from '../send.ts';
import { post } from './session.ts';

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
    fix: 'The table that counts is not reached: see the alarm UserLimitUnavailable (docs/runbook.md).',
    needs: 'token and burst',
    run: async ({ sendAtOnce, ...target }) => {
      const flood: Target = { ...target, send: sendAtOnce ?? target.send };
      const known = await usageOf(flood);
      if (known !== undefined && known.limit > mostCalls)
        return {
          faults: [],
          notes: [`${known.limit} calls a minute, which is more than it sends.`],
        };
      // A minute may end meanwhile, and the next one counts from nothing.
      const most = known === undefined ? mostCalls : 2 * known.limit + 1;
      for (let sent = 1; sent <= most; sent += 1) {
        const response = await post(flood, { jsonrpc: '2.0', id: 1, method: 'ping' });
        if (response.status === 429) return refusalFindings(response, sent);
      }
      return [
        `${most} calls were taken, and none refused; ${known === undefined ? 'no tool my_usage says what the limit is' : `the limit is ${known.limit} a minute`}.`,
      ];
    },
  },
];

/** More calls than that of one person are no check, but load. */
const mostCalls = 500;

/** What the tool `my_usage` answers; a server of a team's own may be without it. */
const usage = z.looseObject({
  result: z.looseObject({
    structuredContent: z.looseObject({
      minute: z.looseObject({ used: z.number(), limit: z.number() }),
    }),
  }),
});

const usageOf = async (target: Target) => {
  const params = { name: 'my_usage', arguments: {} };
  const response = await post(target, { jsonrpc: '2.0', id: 1, method: 'tools/call', params });
  const { data } = usage.safeParse(Object.fromEntries(jsonMembers(response)));
  return data?.result.structuredContent.minute;
};

/** What a refusal says of the limit (lambdas/user-limit); the gateway's own say nothing. */
const rateLimitError = z.looseObject({
  error: z.looseObject({
    data: z.looseObject({
      limit: z.looseObject({ of: z.string(), calls: z.number(), per: z.string() }),
    }),
  }),
});

const refusalFindings = (response: Response, sent: number): Findings => {
  const waits = Number(response.headers.get('retry-after')) > 0;
  const { data } = rateLimitError.safeParse(Object.fromEntries(jsonMembers(response)));
  const note =
    data === undefined
      ? `Call ${sent} met a limit of the gateway, before the user's own.`
      : `${data.error.data.limit.calls} calls a ${data.error.data.limit.per}, a limit of the ${data.error.data.limit.of}; call ${sent} was refused.`;
  return { faults: expectThat(waits, 'The refusal has no Retry-After.'), notes: [note] };
};
