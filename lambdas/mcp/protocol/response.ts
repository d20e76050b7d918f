import { listCaching } from '../../../policy/mcp-methods.ts';
import type { Json } from './json.ts';
import type { RequestId } from './message.ts';
import type { RequestContext } from './request-context.ts';

/**
 * Results of 2026-07-28 say their type and which server this is; lists and documents also how long they may
 * be kept.
 */
export const completed = (
  result: object,
  { era, registry }: Pick<RequestContext, 'era' | 'registry'>,
  caching?: 'cacheable',
): Json =>
  JSON.stringify(
    era === 'legacy'
      ? result
      : {
          resultType: 'complete',
          ...result,
          _meta: { [serverInfoKey]: registry.serverName, ...metaOf(result) },
          ...(caching && listCaching),
        },
  );

const metaOf = (result: object): object => ('_meta' in result ? Object(result._meta) : {});

export const serverInfoKey = 'io.modelcontextprotocol/serverInfo';

export const resultMessage = (id: RequestId, result: Json): Json =>
  `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${result}}`;

export const notificationMessage = (method: string, params: object): Json =>
  JSON.stringify({ jsonrpc: '2.0', method, params });
