import type { Firewall } from '../firewall/web-acl.ts';
import { makeRequest } from '../gateway/request.ts';
import { jsonResponse, type LoopbackRequest, type LoopbackResponse } from '../loopback/request.ts';

/**
 * What the web ACL of the user pool makes of a request to managed login or the token endpoint;
 * undefined lets it pass. A rule's custom response does not reach the caller here.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-waf.html
 */
export const refusedByWebAcl = (
  firewall: Firewall,
  { method, url, rawHeaders, body, remoteAddress }: LoopbackRequest,
  receivedAt: number,
): LoopbackResponse | undefined => {
  const verdict = firewall.inspect(
    makeRequest({
      httpMethod: method,
      target: `${url.pathname}${url.search}`,
      rawHeaders,
      body: Buffer.from(body),
      tooLarge: false,
      sourceIp: remoteAddress,
      protocol: 'HTTP/1.1',
      receivedAt,
    }),
  );
  if (verdict.action === 'allow') return undefined;
  return jsonResponse(403, { message: 'Request not allowed due to WAF block.' });
};
