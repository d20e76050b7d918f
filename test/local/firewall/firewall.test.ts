import { addressSet } from '../../../local/firewall/addresses.ts';

import { wafRules } from '../../../local/firewall/rules.ts';
import { transform } from '../../../local/firewall/text-transformations.ts';
import { makeFirewall } from '../../../local/firewall/web-acl.ts';
import { makeRequest } from '../../../local/gateway/request.ts';

interface Given {
  readonly path?: string;
  readonly method?: string;
  readonly from?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly at?: number;
}

const request = ({
  path = '/',
  method = 'GET',
  from = '127.0.0.1',
  headers = {},
  body = '',
  at = 0,
}: Given = {}) =>
  makeRequest({
    httpMethod: method,
    target: path,
    rawHeaders: Object.entries(headers).flat(),
    body: Buffer.from(body),
    tooLarge: false,
    sourceIp: from,
    protocol: 'HTTP/1.1',
    receivedAt: 1_000_000 + at,
  });

const prefix = 'awswaf:123456789012:webacl:acl:';
const block = { Block: {} };
const count = { Count: {} };
const transformations = [{ Priority: 0, Type: 'NONE' }];
const uriPath = { FieldToMatch: { UriPath: {} }, TextTransformations: transformations };

const firewall = (
  ...list: {
    Statement: unknown;
    Action?: unknown;
    RuleLabels?: unknown;
    Priority?: number;
    OverrideAction?: unknown;
  }[]
) =>
  makeFirewall({
    rules: wafRules.parse(
      list.map((rule, index) => ({
        Name: `rule-${index}`,
        Priority: index,
        VisibilityConfig: {},
        ...rule,
      })),
    ),
    defaultAction: { Allow: {} },
    labelPrefix: prefix,
    customBodies: new Map([
      ['limits', { contentType: 'application/json', content: '{"slow":"down"}' }],
    ]),
    addressSets: new Map([
      ['arn:set', addressSet(['10.0.0.0/8', '2001:db8::/32', '192.0.2.7/32'])],
    ]),
    patternSets: new Map([['arn:patterns', [/^\/a$/, /^\/b$/]]]),
    bodyLimit: 16,
  });

/** Whether a statement matches a request. */
const matching = (Statement: unknown, given?: Given) =>
  firewall({ Statement, Action: block }).inspect(request(given)).action === 'block';
const byteMatch = (
  PositionalConstraint: string,
  SearchString: string,
  field: object = { UriPath: {} },
) => ({
  ByteMatchStatement: {
    PositionalConstraint,
    SearchString,
    FieldToMatch: field,
    TextTransformations: transformations,
  },
});

describe('statements', () => {
  it.each([
    [byteMatch('EXACTLY', '/mcp'), { path: '/mcp?x=1' }, true],
    [byteMatch('EXACTLY', '/mcp'), { path: '/mcp/' }, false],
    [byteMatch('STARTS_WITH', '/m'), { path: '/mcp' }, true],
    [byteMatch('ENDS_WITH', 'cp'), { path: '/mcp' }, true],
    [byteMatch('CONTAINS', 'a=1', { QueryString: {} }), { path: '/?b=2&a=1' }, true],
    [byteMatch('EXACTLY', 'POST', { Method: {} }), { method: 'POST' }, true],
    [
      byteMatch('EXACTLY', 'v', { SingleHeader: { Name: 'x-Thing' } }),
      { headers: { 'X-Thing': 'v' } },
      true,
    ],
    [byteMatch('EXACTLY', '', { SingleHeader: { Name: 'x-thing' } }), {}, false],
    [byteMatch('EXACTLY', '2', { SingleQueryArgument: { Name: 'X' } }), { path: '/?x=2' }, true],
    [byteMatch('CONTAINS', 'bad', { Body: {} }), { body: 'so bad' }, true],
    [byteMatch('CONTAINS', 'bad', { Body: {} }), { body: `${'x'.repeat(16)}bad` }, false],
    [
      byteMatch('CONTAINS', 'bad', { Body: { OversizeHandling: 'MATCH' } }),
      { body: 'x'.repeat(17) },
      true,
    ],
    [
      byteMatch('CONTAINS', 'x', { Body: { OversizeHandling: 'NO_MATCH' } }),
      { body: 'x'.repeat(17) },
      false,
    ],
    [{ RegexMatchStatement: { RegexString: '^/(a|b)/?$', ...uriPath } }, { path: '/b/' }, true],
    [
      { RegexPatternSetReferenceStatement: { Arn: 'arn:patterns', ...uriPath } },
      { path: '/b' },
      true,
    ],
    [
      { SizeConstraintStatement: { ComparisonOperator: 'GT', Size: 3, ...uriPath } },
      { path: '/abc' },
      true,
    ],
    [{ IPSetReferenceStatement: { Arn: 'arn:set' } }, { from: '10.200.3.4' }, true],
    [{ IPSetReferenceStatement: { Arn: 'arn:set' } }, { from: '192.0.2.8' }, false],
    [{ IPSetReferenceStatement: { Arn: 'arn:set' } }, { from: '2001:db8:1::9' }, true],
    [
      { IPSetReferenceStatement: { Arn: 'arn:set' } },
      { headers: { 'x-forwarded-for': '10.0.0.1' } },
      false,
    ],
    [{ NotStatement: { Statement: byteMatch('EXACTLY', '/mcp') } }, { path: '/' }, true],
    [
      {
        AndStatement: { Statements: [byteMatch('STARTS_WITH', '/'), byteMatch('EXACTLY', '/mcp')] },
      },
      { path: '/' },
      false,
    ],
    [
      { OrStatement: { Statements: [byteMatch('EXACTLY', '/'), byteMatch('EXACTLY', '/mcp')] } },
      { path: '/' },
      true,
    ],
  ])('%j on %j: %s', (statement, given, expected) => {
    expect(matching(statement, given)).toBe(expected);
  });

  it.each([
    ['FIRST', '10.0.0.1, 8.8.8.8', true],
    ['LAST', '10.0.0.1, 8.8.8.8', false],
    ['ANY', '8.8.8.8, 10.0.0.1', true],
  ])('reads a declared proxy header by position %s', (Position, header, expected) => {
    const statement = {
      IPSetReferenceStatement: {
        Arn: 'arn:set',
        IPSetForwardedIPConfig: { HeaderName: 'x-viewer', FallbackBehavior: 'NO_MATCH', Position },
      },
    };
    expect(matching(statement, { headers: { 'X-Viewer': header } })).toBe(expected);
  });

  it.each([
    [{ GeoMatchStatement: { CountryCodes: ['XX'] } }],
    [byteMatch('CONTAINS_WORD', 'x')],
    [
      {
        ByteMatchStatement: {
          ...byteMatch('EXACTLY', 'x').ByteMatchStatement,
          TextTransformations: [{ Priority: 0, Type: 'JS_DECODE' }],
        },
      },
    ],
    [byteMatch('EXACTLY', 'x', { JsonBody: {} })],
    [{ RateBasedStatement: { AggregateKeyType: 'IP', Limit: 9 } }],
    [{ RateBasedStatement: { AggregateKeyType: 'IP', Limit: 10, EvaluationWindowSec: 61 } }],
  ])('refuses what it does not emulate: %j', (Statement) => {
    expect(() => firewall({ Statement, Action: block })).toThrow();
  });
});

describe('text transformations', () => {
  it.each([
    ['URL_DECODE', '/%6dcp%2f+x%zz', '/mcp/ x%zz'],
    ['NORMALIZE_PATH', '/a/./b/../mcp', '/a/mcp'],
    ['NORMALIZE_PATH', '//a///mcp//', '/a/mcp/'],
    ['NORMALIZE_PATH', '/../../mcp', '/mcp'],
    ['LOWERCASE', '/MCP', '/mcp'],
    ['COMPRESS_WHITE_SPACE', 'a \t\n b', 'a b'],
    ['REMOVE_NULLS', 'a\0b', 'ab'],
  ] as const)('%s makes %j into %j', (type, text, expected) => {
    expect(transform(text, [type])).toBe(expected);
  });
});

describe('rules', () => {
  const labelled = (Name: string, Statement: unknown = byteMatch('STARTS_WITH', '/')) => ({
    Statement,
    Action: count,
    RuleLabels: [{ Name }],
  });
  const byLabel = (Key: string, Scope = 'LABEL') => ({
    Statement: { LabelMatchStatement: { Scope, Key } },
    Action: block,
  });

  it('run by priority, and the first that blocks ends it', () => {
    const acl = firewall({ ...byLabel('a:b'), Priority: 5 }, { ...labelled('a:b'), Priority: 1 });
    expect(acl.inspect(request())).toEqual({
      action: 'block',
      rule: 'rule-0',
      labels: [`${prefix}a:b`],
    });
  });

  it.each([
    ['LABEL', 'a:b', true],
    ['LABEL', 'b', true],
    ['LABEL', `${prefix}a:b`, true],
    ['LABEL', 'a', false],
    ['LABEL', 'x:b', false],
    ['NAMESPACE', 'a:', true],
    ['NAMESPACE', `${prefix}a:`, true],
    ['NAMESPACE', 'acl:a:', true],
    ['NAMESPACE', 'b:', false],
  ])('match labels by %s %s: %s', (scope, key, expected) => {
    expect(
      firewall(labelled('a:b'), byLabel(key, scope)).inspect(request()).action === 'block',
    ).toBe(expected);
  });

  it('that count insert headers and go on; one that allows ends it', () => {
    const insert = { CustomRequestHandling: { InsertHeaders: [{ Name: 'seen', Value: 'yes' }] } };
    const everything = byteMatch('STARTS_WITH', '/');
    const acl = firewall(
      { Statement: everything, Action: { Count: insert } },
      { Statement: everything, Action: { Allow: {} } },
      { Statement: everything, Action: block },
    );
    expect(acl.inspect(request())).toEqual({
      action: 'allow',
      labels: [],
      insertedHeaders: { 'x-amzn-waf-seen': 'yes' },
    });
  });

  it('answer with their own status, headers and body', () => {
    const CustomResponse = {
      ResponseCode: 429,
      CustomResponseBodyKey: 'limits',
      ResponseHeaders: [{ Name: 'retry-after', Value: '60' }],
    };
    const verdict = firewall({
      Statement: byteMatch('STARTS_WITH', '/'),
      Action: { Block: { CustomResponse } },
    }).inspect(request());
    expect(verdict).toMatchObject({
      action: 'block',
      answer: {
        status: 429,
        headers: [
          ['content-type', 'application/json'],
          ['retry-after', '60'],
        ],
        body: Buffer.from('{"slow":"down"}'),
      },
    });
  });
});

describe('a rate rule', () => {
  const rate = (more: Record<string, unknown> = {}) =>
    firewall({
      Statement: {
        RateBasedStatement: { AggregateKeyType: 'IP', Limit: 10, EvaluationWindowSec: 60, ...more },
      },
      Action: block,
    });
  /** How many of n requests pass. */
  const passing = (acl: ReturnType<typeof rate>, n: number, given: Given = {}) =>
    Array.from({ length: n }, () => acl.inspect(request(given)).action).filter(
      (action) => action === 'allow',
    ).length;

  it('lets the limit through, refuses the next, and leaves other addresses alone', () => {
    const acl = rate();
    expect(passing(acl, 12)).toBe(10);
    expect(passing(acl, 12, { from: '127.0.0.2' })).toBe(10);
  });

  it('slides: what is older than the window counts no more', () => {
    const acl = rate();
    expect(passing(acl, 5)).toBe(5);
    expect(passing(acl, 6, { at: 30_000 })).toBe(5);
    expect(passing(acl, 6, { at: 60_001 })).toBe(4);
  });

  it('goes on counting while it refuses, so a caller has to stop to be let in again', () => {
    const acl = rate();
    passing(acl, 20);
    expect(passing(acl, 10, { at: 59_000 })).toBe(0);
    expect(passing(acl, 1, { at: 61_000 })).toBe(0);
    expect(passing(acl, 10, { at: 180_000 })).toBe(10);
  });

  it('counts only what is in its scope', () => {
    const acl = rate({ ScopeDownStatement: byteMatch('EXACTLY', '/mcp') });
    expect(passing(acl, 30, { path: '/other' })).toBe(30);
    expect(passing(acl, 12, { path: '/mcp' })).toBe(10);
    expect(passing(acl, 5, { path: '/other' })).toBe(5);
  });

  it('keyed on address and path counts each path apart, however it is written', () => {
    const path = [
      { Priority: 0, Type: 'URL_DECODE' },
      { Priority: 1, Type: 'NORMALIZE_PATH' },
    ];
    const acl = rate({
      AggregateKeyType: 'CUSTOM_KEYS',
      CustomKeys: [{ IP: {} }, { UriPath: { TextTransformations: path } }],
    });
    expect(passing(acl, 6, { path: '/token' }) + passing(acl, 6, { path: '/%74oken' })).toBe(10);
    expect(passing(acl, 12, { path: '/authorize' })).toBe(10);
  });

  it('does not count a request that lacks a part of the key', () => {
    const acl = rate({
      AggregateKeyType: 'CUSTOM_KEYS',
      CustomKeys: [{ IP: {} }, { Header: { Name: 'x-key', TextTransformations: transformations } }],
    });
    expect(passing(acl, 30)).toBe(30);
    expect(passing(acl, 12, { headers: { 'x-key': 'a' } })).toBe(10);
  });

  it('believes a forwarded address only where it is told to', () => {
    expect(passing(rate(), 12, { headers: { 'x-forwarded-for': '1.2.3.4' } })).toBe(10);
    const config = {
      AggregateKeyType: 'FORWARDED_IP',
      ForwardedIPConfig: { HeaderName: 'x-viewer', FallbackBehavior: 'MATCH' },
    };
    const acl = rate(config);
    expect(passing(acl, 12, { headers: { 'x-viewer': '1.2.3.4' } })).toBe(10);
    expect(passing(acl, 12, { headers: { 'x-viewer': '1.2.3.5' } })).toBe(10);
    expect(passing(acl, 3, { headers: { 'x-viewer': 'not an address' } })).toBe(0);
    expect(passing(acl, 30)).toBe(30);
  });
});
