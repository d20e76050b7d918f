import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  aGatewayResponse,
  aMethod,
  anApi,
  anAuthorizer,
  aResource,
  invoking,
  serve,
  stopAll,
  streaming,
} from './an-api.ts';

afterEach(stopAll);

const echo =
  'export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });';
/** Does what the header says. */
const obedient = `
  export const handler = async ({ headers, body }) => {
    switch (headers['x-do']) {
      case 'throw': throw new Error('private detail');
      case 'exit': process.exit(1);
      case 'hang': return new Promise(() => setInterval(() => {}, 1000));
      case 'text': return 'not an answer';
      case 'object': return { statusCode: 200, body: { not: 'text' } };
      case 'status': return { statusCode: 'maybe' };
      case 'informational': return { statusCode: 100 };
      case 'split': return { statusCode: 200, headers: { 'x-a': 'a\\r\\nset-cookie: b=c' } };
      case 'large': return { statusCode: 200, body: 'x'.repeat(7 * 1024 * 1024) };
      case 'headers': return { statusCode: 401, headers: { 'WWW-Authenticate': 'Bearer', Server: 'me', 'x-a': 1 }, multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] } };
      default: return { statusCode: 200, body: 'fine ' + (body ?? '').length };
    }
  };`;
/** Whoever PUTs is answered within 1.5 seconds, which a slow machine may need to start a function. */
const impatient = { TimeoutInMillis: 1500 };
const simple = () =>
  anApi(
    { Fn: obedient },
    {
      Items: aResource('items'),
      Post: aMethod('POST', 'Items', invoking('Fn')),
      Put: aMethod('PUT', 'Items', invoking('Fn', impatient)),
    },
  );

describe('a Lambda proxy integration', () => {
  it('gives the function the whole event of the request', async () => {
    const { send, port } = await serve(
      anApi(
        { Fn: echo },
        { Item: aResource('{id}'), Get: aMethod('POST', 'Item', invoking('Fn')) },
        { DisableExecuteApiEndpoint: true },
      ),
    );
    const { json } = await send('/a%20b?x=1&x=2&y=%C3%A9', {
      method: 'POST',
      headers: { 'X-Thing': ['one', 'two'], 'X-Forwarded-For': '9.9.9.9', 'User-Agent': 'test' },
      body: 'hällo',
      from: '127.0.0.7',
    });
    expect(json).toMatchObject({
      resource: '/{id}',
      path: '/a%20b',
      httpMethod: 'POST',
      pathParameters: { id: 'a b' },
      queryStringParameters: { x: '2', y: 'é' },
      multiValueQueryStringParameters: { x: ['1', '2'], y: ['é'] },
      headers: {
        'X-Thing': 'two',
        'X-Forwarded-For': '9.9.9.9, 127.0.0.7',
        'User-Agent': 'test',
        Host: `127.0.0.1:${port}`,
      },
      multiValueHeaders: { 'X-Thing': ['one', 'two'] },
      stageVariables: null,
      body: 'hällo',
      isBase64Encoded: false,
      requestContext: {
        resourcePath: '/{id}',
        httpMethod: 'POST',
        stage: 'local',
        path: '/a%20b',
        protocol: 'HTTP/1.1',
        accountId: '123456789012',
        domainName: '127.0.0.1',
        requestTime: '24/Nov/2026:12:00:00 +0000',
        requestTimeEpoch: Date.parse('2026-11-24T12:00:00Z'),
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        identity: { sourceIp: '127.0.0.7', userAgent: 'test' },
      },
    });
  });

  it.each([
    ['throw', 502],
    ['exit', 502],
    ['text', 502],
    ['object', 502],
    ['status', 502],
    ['informational', 502],
    ['split', 502],
    ['large', 502],
  ])(
    'answers %s with %i, says nothing private, and serves the next request',
    async (what, status) => {
      const { send } = await serve(simple());
      const refused = await send('/local/items', { method: 'POST', headers: { 'x-do': what } });
      expect([refused.status, refused.json]).toEqual([
        status,
        { message: 'Internal server error' },
      ]);
      expect(refused.headers['x-amzn-errortype']).toBe('InternalServerErrorException');
      await expect(send('/local/items', { method: 'POST' })).resolves.toMatchObject({
        status: 200,
        body: 'fine 0',
      });
    },
  );

  it('answers 504 when the integration takes too long, and serves the next request', async () => {
    const { send } = await serve(simple());
    await expect(
      send('/local/items', { method: 'PUT', headers: { 'x-do': 'hang' } }),
    ).resolves.toMatchObject({
      status: 504,
      json: { message: 'Endpoint request timed out' },
    });
    await expect(send('/local/items', { method: 'POST' })).resolves.toMatchObject({ status: 200 });
  });

  it('renames the headers that API Gateway keeps for itself', async () => {
    const { send } = await serve(simple());
    const { status, headers } = await send('/local/items', {
      method: 'POST',
      headers: { 'x-do': 'headers' },
    });
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toBeUndefined();
    expect(headers).toMatchObject({
      'x-amzn-remapped-www-authenticate': 'Bearer',
      'x-amzn-remapped-server': 'me',
      'x-a': '1',
      'set-cookie': ['a=1', 'b=2'],
      'content-type': 'application/json',
    });
  });

  it('takes 1 MB and refuses 6 MB and 11 MB with 413', async () => {
    const { send, invocations } = await serve(simple());
    const sendBytes = (bytes: number) =>
      send('/local/items', { method: 'POST', body: Buffer.alloc(bytes, 'x') });
    await expect(sendBytes(1024 * 1024)).resolves.toMatchObject({
      status: 200,
      body: 'fine 1048576',
    });
    await expect(sendBytes(7 * 1024 * 1024)).resolves.toMatchObject({
      status: 413,
      json: { message: 'Request Too Long' },
    });
    await expect(sendBytes(11 * 1024 * 1024)).resolves.toMatchObject({
      status: 413,
      headers: { connection: 'close' },
    });
    expect(invocations).toHaveLength(1);
  });
});

describe('a way in', () => {
  it('in stage mode starts with the stage; outside is a bare 403', async () => {
    const { send, accessLog } = await serve(
      anApi(
        {},
        {
          Get: aMethod('GET', undefined, mock(204)),
          Refused: aGatewayResponse('DEFAULT_4XX', {
            ResponseParameters: { 'gatewayresponse.header.x-ours': "'yes'" },
          }),
        },
        {},
        accessLogged,
      ),
    );
    await expect(send('/local/')).resolves.toMatchObject({ status: 204 });
    await expect(send('/local')).resolves.toMatchObject({ status: 204 });
    const inside = await send('/local/nothing');
    expect([inside.status, inside.json, inside.headers['x-ours']]).toEqual([
      403,
      { message: 'Missing Authentication Token' },
      'yes',
    ]);
    const outside = await send('/mcp');
    expect([outside.status, outside.json, outside.headers['x-ours']]).toEqual([
      403,
      { message: 'Forbidden' },
      undefined,
    ]);
    expect(accessLog).toHaveLength(3);
  });

  it('knows its own names only', async () => {
    const { send } = await serve(anApi({}, { Get: aMethod('GET', undefined, mock(200)) }));
    for (const host of ['localhost', '127.0.0.9:80', '[::1]:3000'])
      await expect(send('/local', { headers: { host } })).resolves.toMatchObject({ status: 200 });
    for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example'])
      await expect(send('/local', { headers: { host } })).resolves.toMatchObject({ status: 403 });
  });

  it('answers an undefined method like an undefined path', async () => {
    const { send } = await serve(anApi({}, { Get: aMethod('GET', undefined, mock(200)) }));
    await expect(send('/local', { method: 'DELETE' })).resolves.toMatchObject({
      status: 403,
      json: { message: 'Missing Authentication Token' },
    });
  });

  it('refuses a malformed path and too many bytes of headers', async () => {
    const { send } = await serve(anApi({}, { Get: aMethod('GET', undefined, mock(200)) }));
    await expect(send('/local/%zz')).resolves.toMatchObject({ status: 400 });
    await expect(
      send('/local', { headers: { 'x-large': 'x'.repeat(10_241) } }),
    ).resolves.toMatchObject({ status: 431 });
  });
});

const mock = (status: number) => ({
  Type: 'MOCK',
  RequestTemplates: { 'application/json': `{ statusCode: ${status} }` },
  IntegrationResponses: [
    {
      StatusCode: String(status),
      ResponseParameters: { 'method.response.header.x-mock': "'it is'" },
    },
  ],
});

const accessLogged = {
  AccessLogSetting: {
    DestinationArn: 'arn',
    Format: '$context.httpMethod $context.resourcePath $context.status $context.error.responseType',
  },
};

describe('a request authorizer', () => {
  const authorizer = `
    const policy = (Effect, Resource) => ({ Version: '2012-10-17', Statement: [{ Effect, Action: 'execute-api:Invoke', Resource }] });
    export const handler = async ({ headers, methodArn, type }) => {
      const allowed = { principalId: 'somebody', policyDocument: policy('Allow', methodArn), context: { type, n: 1, yes: true, none: null } };
      switch (headers.authorization) {
        case 'deny': return { ...allowed, policyDocument: policy('Deny', '*'), context: { message: 'not you' } };
        case 'other': return { ...allowed, policyDocument: policy('Allow', methodArn + 'x') };
        case 'unauthorized': throw new Error('Unauthorized');
        case 'broken': throw new Error('Internal: secret');
        case 'nested': return { ...allowed, context: { deep: {} } };
        case 'nobody': return { ...allowed, principalId: '' };
        case 'text': return 'yes';
        case 'exit': process.exit(0);
        default: return { ...allowed, usageIdentifierKey: headers.authorization };
      }
    };`;
  const guarded = (method: Record<string, unknown> = {}, resources = {}, api = {}) =>
    anApi(
      { Auth: authorizer, Fn: echo },
      {
        Authorizer: anAuthorizer('Auth'),
        Get: aMethod('GET', undefined, invoking('Fn'), {
          AuthorizationType: 'CUSTOM',
          AuthorizerId: { Ref: 'Authorizer' },
          ...method,
        }),
        Denied: aGatewayResponse('ACCESS_DENIED', {
          ResponseParameters: {
            'gatewayresponse.header.www-authenticate': '\'Bearer error="insufficient_scope"\'',
            'gatewayresponse.header.x-origin': 'method.request.header.origin',
            'gatewayresponse.header.x-id': 'context.requestId',
          },
          ResponseTemplates: {
            'application/json': '{"why":"$context.authorizer.message","id":"$context.requestId"}',
          },
        }),
        ...resources,
      },
      api,
    );

  it('that allows lets the request on, with its context as text', async () => {
    const { send } = await serve(guarded());
    const { json } = await send('/local', { headers: { authorization: 'ok' } });
    expect(json).toMatchObject({
      requestContext: {
        authorizer: { type: 'REQUEST', n: '1', yes: 'true', principalId: 'somebody' },
      },
    });
  });

  it.each([
    ['unauthorized', 401, 'Unauthorized'],
    ['other', 403, expect.stringContaining('not authorized')],
    ['broken', 500, null],
    ['exit', 500, null],
    ['nested', 500, null],
    ['nobody', 500, null],
    ['text', 500, null],
  ])(
    'that answers %s gives %i, and the function behind it does not run',
    async (authorization, status, message) => {
      const { send, invocations } = await serve(
        guarded({}, { Denied: aGatewayResponse('DEFAULT_4XX', {}) }),
      );
      await expect(send('/local', { headers: { authorization } })).resolves.toMatchObject({
        status,
        json: { message },
      });
      expect(invocations.map(({ functionName }) => functionName)).toEqual(['Gatehouse-local-Auth']);
    },
  );

  it('that denies gives the gateway response, with real headers, the request and the authorizer in it', async () => {
    const { send } = await serve(guarded());
    const { status, headers, json } = await send('/local', {
      headers: { authorization: 'deny', origin: 'https://a.example' },
    });
    expect([status, json]).toEqual([403, { why: 'not you', id: headers['x-amzn-requestid'] }]);
    expect(headers).toMatchObject({
      'www-authenticate': 'Bearer error="insufficient_scope"',
      'x-origin': 'https://a.example',
      'x-id': headers['x-amzn-requestid'],
    });
    const without = await send('/local', { headers: { authorization: 'deny' } });
    expect(without.headers['x-origin']).toBeUndefined();
  });

  it('is not asked when its identity source is absent', async () => {
    const { send, invocations } = await serve(
      guarded(
        {},
        {
          Authorizer: anAuthorizer('Auth', {
            IdentitySource: 'method.request.header.authorization',
          }),
        },
      ),
    );
    await expect(send('/local')).resolves.toMatchObject({ status: 401 });
    expect(invocations).toEqual([]);
  });

  it('chooses the usage plan, whose throttle and quota count each key apart', async () => {
    const keys = { one: 'a'.repeat(20), two: 'b'.repeat(20) };
    const plan = (name: string, value: string, properties: Record<string, unknown>) => ({
      [`Plan${name}`]: {
        Type: 'AWS::ApiGateway::UsagePlan',
        Properties: {
          ApiStages: [{ ApiId: { Ref: 'Api' }, Stage: { Ref: 'Stage' } }],
          ...properties,
        },
      },
      [`Key${name}`]: {
        Type: 'AWS::ApiGateway::ApiKey',
        Properties: { Enabled: true, Value: value },
      },
      [`PlanKey${name}`]: {
        Type: 'AWS::ApiGateway::UsagePlanKey',
        Properties: {
          KeyId: { Ref: `Key${name}` },
          KeyType: 'API_KEY',
          UsagePlanId: { Ref: `Plan${name}` },
        },
      },
    });
    const { send, time } = await serve(
      guarded(
        { ApiKeyRequired: true },
        {
          ...plan('One', keys.one, { Throttle: { RateLimit: 1, BurstLimit: 2 } }),
          ...plan('Two', keys.two, { Quota: { Limit: 3, Period: 'DAY' } }),
        },
        { ApiKeySourceType: 'AUTHORIZER' },
      ),
    );
    const statuses = async (key: string, times: number) => {
      const all: number[] = [];
      for (let n = 0; n < times; n += 1)
        all.push(
          (await send('/local', { headers: { authorization: key, 'x-api-key': keys.two } })).status,
        );
      return all;
    };
    expect(await statuses(keys.one, 3)).toEqual([200, 200, 429]);
    expect(await statuses(keys.two, 4)).toEqual([200, 200, 200, 429]);
    expect(await statuses('c'.repeat(20), 1)).toEqual([403]);
    time.now += 1000;
    expect(await statuses(keys.one, 2)).toEqual([200, 429]);
    expect((await send('/local', { headers: { authorization: keys.two } })).json).toEqual({
      message: 'Limit Exceeded',
    });
    time.now += 24 * 60 * 60 * 1000;
    expect(await statuses(keys.two, 1)).toEqual([200]);
  });
});

describe('stage throttles', () => {
  it('hold each method to its own setting, else to the default', async () => {
    const settings = [
      {
        HttpMethod: '*',
        ResourcePath: '/*',
        ThrottlingRateLimit: 1,
        ThrottlingBurstLimit: 1,
        MetricsEnabled: true,
      },
      {
        HttpMethod: 'GET',
        ResourcePath: '/~1items',
        ThrottlingRateLimit: 1,
        ThrottlingBurstLimit: 2,
      },
    ];
    const { send, time } = await serve(
      anApi(
        {},
        {
          Items: aResource('items'),
          Get: aMethod('GET', 'Items', mock(200)),
          Post: aMethod('POST', 'Items', mock(200)),
        },
        {},
        { MethodSettings: settings },
      ),
    );
    const statuses = async (method: string) =>
      [
        await send('/local/items', { method }),
        await send('/local/items', { method }),
        await send('/local/items', { method }),
      ].map(({ status }) => status);
    expect(await statuses('GET')).toEqual([200, 200, 429]);
    expect(await statuses('POST')).toEqual([200, 429, 429]);
    time.now += 1000;
    expect(await statuses('POST')).toEqual([200, 429, 429]);
  });
});

describe('a streamed response', () => {
  const streamed = `
    import { existsSync } from 'node:fs';
    export const handler = awslambda.streamifyResponse(async ({ headers }, stream) => {
      const what = headers['x-do'];
      if (what === 'throw') throw new Error('early');
      if (what === 'garbage') return stream.end('no prelude');
      if (what === 'prelude') { stream.write('{"statusCode": "x"}'); return stream.end(new Uint8Array(8)); }
      const body = awslambda.HttpResponseStream.from(stream, { statusCode: 200, headers: { 'content-type': 'text/event-stream', 'WWW-Authenticate': 'x' }, cookies: ['a=1'] });
      for (const part of ['one', 'two', 'three']) {
        body.write(part);
        await new Promise((resolve) => setTimeout(resolve, 100));
        while (what === 'wait' && part === 'one' && !existsSync(headers['x-until'])) await new Promise((resolve) => setTimeout(resolve, 10));
        if (what === 'break') throw new Error('midway');
      }
      if (what === 'slow') await new Promise((resolve) => setTimeout(resolve, 2000));
      body.end();
    });`;
  const api = () =>
    anApi(
      { Fn: streamed },
      {
        Get: aMethod('GET', undefined, streaming('Fn')),
        Put: aMethod('PUT', undefined, streaming('Fn', impatient)),
      },
    );

  it('reaches the client while the function still writes', async () => {
    const { send } = await serve(api());
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-stream-'));
    // The function writes no further until the client has what was written: were it kept back, this
    // would never end.
    const until = join(folder, 'arrived');
    const arrivals: string[] = [];
    const onChunk = (text: string) => {
      arrivals.push(text);
      writeFileSync(until, '');
    };
    const { status, headers, body } = await send('/local', {
      headers: { 'x-do': 'wait', 'x-until': until },
      onChunk,
    });
    rmSync(folder, { recursive: true });
    expect([status, body]).toEqual([200, 'onetwothree']);
    expect(headers).toMatchObject({
      'content-type': 'text/event-stream',
      'x-amzn-remapped-www-authenticate': 'x',
      'set-cookie': ['a=1'],
    });
    expect(arrivals[0]).toBe('one');
  });

  it.each(['throw', 'garbage', 'prelude'])(
    'that never starts properly (%s) is 502',
    async (what) => {
      const { send } = await serve(api());
      await expect(send('/local', { headers: { 'x-do': what } })).resolves.toMatchObject({
        status: 502,
        json: { message: 'Internal server error' },
      });
    },
  );

  it('that breaks off or takes too long is cut, since its status is already out', async () => {
    const { send } = await serve(api());
    const slowly = { method: 'PUT', headers: { 'x-do': 'slow' } };
    await expect(send('/local', { headers: { 'x-do': 'break' } })).rejects.toThrow('aborted');
    await expect(send('/local')).resolves.toMatchObject({ body: 'onetwothree' });
    await expect(send('/local', slowly)).rejects.toThrow('aborted');
    await expect(send('/local')).resolves.toMatchObject({ body: 'onetwothree' });
  });

  it('of a function that does not stream is 502', async () => {
    const { send } = await serve(
      anApi({ Fn: echo }, { Get: aMethod('GET', undefined, streaming('Fn')) }),
    );
    await expect(send('/local')).resolves.toMatchObject({ status: 502 });
  });
});

describe('a template that says what the local runtime cannot emulate', () => {
  it.each([
    [
      'an authorizer that remembers',
      { Authorizer: anAuthorizer('Fn', { AuthorizerResultTtlInSeconds: 300 }) },
      'the local runtime caches no decision',
    ],
    [
      'an IAM-authorized method',
      { Get: aMethod('GET', undefined, mock(200), { AuthorizationType: 'AWS_IAM' }) },
      "can't emulate Get (AWS::ApiGateway::Method)",
    ],
    [
      'an HTTP integration',
      { Get: aMethod('GET', undefined, { Type: 'HTTP_PROXY', Uri: 'https://a.example' }) },
      "can't emulate Get",
    ],
    [
      'an unknown integration property',
      { Get: aMethod('GET', undefined, invoking('Fn', { CacheKeyParameters: ['x'] })) },
      'CacheKeyParameters',
    ],
    [
      'a streaming URI without the mode',
      { Get: aMethod('GET', undefined, streaming('Fn', { ResponseTransferMode: 'BUFFERED' })) },
      'in the mode BUFFERED',
    ],
    [
      'a Velocity template',
      {
        R: aGatewayResponse('DEFAULT_4XX', {
          ResponseTemplates: { 'application/json': '#set($a = 1)' },
        }),
      },
      'R.application/json uses #set',
    ],
    [
      'a header made from the body',
      {
        R: aGatewayResponse('DEFAULT_4XX', {
          ResponseParameters: { 'gatewayresponse.header.x': 'method.request.body' },
        }),
      },
      "which the local runtime can't map",
    ],
    [
      'an unknown response type',
      { R: aGatewayResponse('TEAPOT', {}) },
      'is not a gateway response type',
    ],
  ])('is refused: %s', async (_, resources, message) => {
    await expect(serve(anApi({ Fn: echo }, resources))).rejects.toThrow(message);
  });
});
