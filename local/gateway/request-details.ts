import { randomBytes, randomUUID } from 'node:crypto';
import type { ContextVariables } from './mapping.ts';
import type { GatewayRequest } from './request.ts';
import type { RestApi } from './rest-api.ts';

/** What API Gateway knows of a request besides the request: its ids, times and names. */
export interface RequestDetails {
  readonly requestId: string;
  readonly extendedRequestId: string;
  readonly traceId: string;
  readonly requestTime: string;
  readonly requestTimeEpoch: number;
  readonly domainName: string;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `24/Nov/2026:13:31:14 +0000` */
const commonLogTime = (date: Date): string => {
  const [day, time] = date.toISOString().split('T');
  const [year, month, dayOfMonth] = (day ?? '').split('-');
  return `${dayOfMonth}/${months[Number(month) - 1]}/${year}:${(time ?? '').slice(0, 8)} +0000`;
};

export const requestDetailsOf = (request: GatewayRequest): RequestDetails => ({
  requestId: randomUUID(),
  extendedRequestId: `${randomBytes(11).toString('base64url')}=`,
  traceId: `Root=1-${Math.floor(request.receivedAt / 1000).toString(16)}-${randomBytes(12).toString('hex')}`,
  requestTime: commonLogTime(new Date(request.receivedAt)),
  requestTimeEpoch: request.receivedAt,
  domainName: (request.header('host') ?? '').replace(/:\d+$/, ''),
});

/**
 * `$context` as templates read it.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
 */
export const contextVariables = (
  api: RestApi,
  request: GatewayRequest,
  details: RequestDetails,
): ContextVariables => ({
  accountId: api.account,
  apiId: api.id,
  domainName: details.domainName,
  domainPrefix: details.domainName.split('.')[0],
  extendedRequestId: details.extendedRequestId,
  httpMethod: request.httpMethod,
  identity: { sourceIp: request.sourceIp, userAgent: request.header('user-agent') },
  path: request.rawPath,
  protocol: request.protocol,
  requestId: details.requestId,
  requestTime: details.requestTime,
  requestTimeEpoch: details.requestTimeEpoch,
  stage: api.stage.name,
  xrayTraceId: details.traceId.slice('Root='.length),
});
