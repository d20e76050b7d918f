import type { Readable } from 'node:stream';
import { HttpError } from '../../../lambdas/errors/errors.ts';
import { renderError } from '../../../lambdas/errors/render-error.ts';
import type { SecuredRequest } from '../../../lambdas/http/request.ts';
import type { Definitions } from '../../../lambdas/mcp/manifest/definitions.ts';
import { describe as manifest } from '../../../lambdas/mcp/manifest/manifest.ts';
import { dispatcher } from '../../../lambdas/mcp/protocol/dispatch.ts';
import { testCaller } from '../../../lambdas/mcp/testing/call-context.ts';

export const caller = testCaller;

export const envelope = (extra: object = {}) => ({
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
  ...extra,
});

/** Parsed JSON that a test looks into. */
type Loose = ReturnType<typeof JSON.parse>;

export interface Sent {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly json?: unknown;
  readonly scopes?: readonly string[];
  readonly groups?: readonly string[];
  readonly sub?: string;
  readonly remainingMilliseconds?: () => number;
}

export interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly json: Loose;
  /** Messages of an event stream, with the time at which each arrived. */
  readonly events: readonly { readonly at: number; readonly message: Loose }[];
}

const unlogged = { debug: () => {}, info: () => {}, warning: () => {}, error: () => {} };

/**
 * A server of these definitions, without the stack around it: what the dispatch answers to a
 * request that passed the stack.
 */
export const serverOf = (definitions: Partial<Definitions>) => {
  const complete = { tools: [], prompts: [], resources: [], ...definitions };
  const { catalogue, access } = manifest(complete);
  const dispatch = dispatcher(complete, catalogue, access, { hashKey: 'test' });
  const securityEvents: { name: string; fields: unknown }[] = [];
  const traces: string[] = [];
  const trail: Loose[] = [];
  const logged: { message: string; fields: Loose }[] = [];

  const send = async (sent: Sent): Promise<Received> => {
    const request = {
      method: sent.method ?? 'POST',
      path: '/mcp',
      headers: {
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
        ...sent.headers,
      },
      query: {},
      body: '',
      json: sent.json,
      sourceIp: '192.0.2.1',
      requestId: 'request-1',
      now: new Date(),
      logger: {
        ...unlogged,
        error: (message: string, fields: unknown) => logged.push({ message, fields }),
      },
      remainingMilliseconds: sent.remainingMilliseconds ?? (() => 900_000),
      correlate: (traceparent: string) => traces.push(traceparent),
      securityEvent: (name: string, fields: unknown) => securityEvents.push({ name, fields }),
      trail: (kind: string, entry: object) => trail.push({ kind, ...entry }),
      caller: {
        ...caller,
        ...(sent.scopes && { scopes: sent.scopes }),
        ...(sent.groups && { groups: sent.groups }),
        ...(sent.sub && { sub: sent.sub }),
      },
    } as unknown as SecuredRequest;
    try {
      const { statusCode, headers = {}, body } = await dispatch(request);
      return typeof body === 'string'
        ? received(statusCode, headers, body)
        : streamed(statusCode, headers, body);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      if (error.event !== undefined)
        securityEvents.push({ name: error.event, fields: { code: error.code } });
      const { statusCode, headers, body } = renderError(error, 'jsonrpc', 'request-1');
      return received(statusCode, headers, body);
    }
  };

  /** A request of 2026-07-28 with every header that it needs. */
  const modern = (
    method: string,
    params: Record<string, Loose> = {},
    more: Omit<Sent, 'json'> & { id?: unknown; meta?: object } = {},
  ) => {
    const named: Readonly<Record<string, Loose | undefined>> = {
      'resources/read': params['uri'],
      'tools/call': params['name'],
      'prompts/get': params['name'],
    };
    const name = named[method];
    return send({
      ...more,
      headers: {
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': method,
        ...(typeof name === 'string' && { 'mcp-name': mirrored(name) }),
        ...more.headers,
      },
      json: {
        jsonrpc: '2.0',
        id: more.id ?? 1,
        method,
        params: { ...params, _meta: { ...envelope(), ...more.meta } },
      },
    });
  };

  /** A request of 2025-11-25. */
  const legacy = (
    method: string,
    params?: object,
    more: Omit<Sent, 'json'> & { id?: unknown; version?: string } = {},
  ) =>
    send({
      ...more,
      headers: { 'mcp-protocol-version': more.version ?? '2025-11-25', ...more.headers },
      json: { jsonrpc: '2.0', id: more.id ?? 1, method, ...(params && { params }) },
    });

  return { send, modern, legacy, securityEvents, traces, logged, trail };
};

/** As clients write it: plain where it can be, encoded elsewhere. */
export const mirrored = (value: string) =>
  /^[\x21-\x7e]([\t\x20-\x7e]*[\x21-\x7e])?$/.test(value) && !/^=\?base64\?.*\?=$/s.test(value)
    ? value
    : `=?base64?${Buffer.from(value).toString('base64')}?=`;

const received = (
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
): Received => ({
  status,
  headers,
  body,
  json: headers['content-type'] === 'application/json' ? JSON.parse(body) : undefined,
  events:
    headers['content-type'] === 'text/event-stream'
      ? eventsIn(body).map((message) => ({ at: performance.now(), message }))
      : [],
});

const eventsIn = (text: string): Loose[] =>
  [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? ''));

const streamed = async (
  status: number,
  headers: Readonly<Record<string, string>>,
  body: Readable,
): Promise<Received> => {
  const events: { at: number; message: Loose }[] = [];
  let text = '';
  for await (const chunk of body) {
    text += chunk;
    events.push(...eventsIn(String(chunk)).map((message) => ({ at: performance.now(), message })));
  }
  return { status, headers, body: text, json: undefined, events };
};
