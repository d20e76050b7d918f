import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFirewall } from '../../../local/firewall/firewall.ts';
import { readEntry } from '../../../local/gateway/entry.ts';
import { Gateway } from '../../../local/gateway/gateway.ts';
import { readRestApi } from '../../../local/gateway/rest-api.ts';
import { type ServerOptions, startServer } from '../../../local/gateway/server.ts';
import { byEveryArn } from '../../../local/lambda/aliases.ts';
import { makeClock } from '../../../local/lambda/clock.ts';
import type { InvocationRecord } from '../../../local/lambda/function.ts';
import { readFunctions } from '../../../local/lambda/functions.ts';
import { deploymentIn } from '../../../local/template/deployment.ts';
import { loadStack } from '../../../local/template/stack.ts';
import { templateSchema } from '../../../local/template/template.ts';

type Resources = Record<string, { Type: string; Properties?: Record<string, unknown> }>;

const apiId = { RestApiId: { Ref: 'Api' } };

/**
 * A template by hand: the least that is an API. `bundles` are the functions' modules, by logical
 * id.
 */
export const anApi = (
  bundles: Record<string, string>,
  resources: Resources = {},
  api: Record<string, unknown> = {},
  stage: Record<string, unknown> = {},
) => ({
  bundles,
  resources: {
    Api: {
      Type: 'AWS::ApiGateway::RestApi',
      Properties: { Name: 'api', EndpointConfiguration: { Types: ['REGIONAL'] }, ...api },
    },
    Stage: {
      Type: 'AWS::ApiGateway::Stage',
      Properties: { ...apiId, StageName: 'local', ...stage },
    },
    ...Object.fromEntries(
      Object.keys(bundles).map((id) => [
        `${id}Permission`,
        {
          Type: 'AWS::Lambda::Permission',
          Properties: {
            Action: 'lambda:InvokeFunction',
            FunctionName: { 'Fn::GetAtt': [id, 'Arn'] },
            Principal: 'apigateway.amazonaws.com',
          },
        },
      ]),
    ),
    ...Object.fromEntries(
      Object.keys(bundles).map((id) => [
        id,
        {
          Type: 'AWS::Lambda::Function',
          Properties: {
            Code: { S3Bucket: 'b', S3Key: id },
            Handler: 'index.handler',
            Role: 'arn:aws:iam::123456789012:role/a-function',
            Runtime: 'nodejs24.x',
            Timeout: 5,
          },
        },
      ]),
    ),
    ...resources,
  },
});

export const aResource = (path: string, parent?: string) => ({
  Type: 'AWS::ApiGateway::Resource',
  Properties: {
    ...apiId,
    PathPart: path,
    ParentId: parent ? { Ref: parent } : { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
  },
});

export const aMethod = (
  httpMethod: string,
  resource: string | undefined,
  integration: Record<string, unknown>,
  more: Record<string, unknown> = {},
) => ({
  Type: 'AWS::ApiGateway::Method',
  Properties: {
    ...apiId,
    HttpMethod: httpMethod,
    AuthorizationType: 'NONE',
    ResourceId: resource ? { Ref: resource } : { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
    Integration: integration,
    ...more,
  },
});

export const invoking = (functionId: string, more: Record<string, unknown> = {}) => ({
  Type: 'AWS_PROXY',
  IntegrationHttpMethod: 'POST',
  Uri: {
    'Fn::Sub': `arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${${functionId}.Arn}/invocations`,
  },
  ...more,
});

export const streaming = (functionId: string, more: Record<string, unknown> = {}) => ({
  ...invoking(functionId),
  Uri: {
    'Fn::Sub': `arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2021-11-15/functions/\${${functionId}.Arn}/response-streaming-invocations`,
  },
  ResponseTransferMode: 'STREAM',
  ...more,
});

export const anAuthorizer = (functionId: string, more: Record<string, unknown> = {}) => ({
  Type: 'AWS::ApiGateway::Authorizer',
  Properties: {
    ...apiId,
    Name: 'authorizer',
    Type: 'REQUEST',
    AuthorizerUri: invoking(functionId).Uri,
    AuthorizerResultTtlInSeconds: 0,
    IdentitySource: '',
    ...more,
  },
});

export const aGatewayResponse = (type: string, properties: Record<string, unknown>) => ({
  Type: 'AWS::ApiGateway::GatewayResponse',
  Properties: { ...apiId, ResponseType: type, ...properties },
});

const folders: string[] = [];
const running: { stop(): Promise<unknown> }[] = [];

/** Ends everything that `serve` has started. */
export const stopAll = async (): Promise<void> => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
};

/** Emulates a template, and gives what it takes to send it. */
export const serve = async (
  { bundles, resources }: { bundles: Record<string, string>; resources: Resources },
  options: Partial<ServerOptions> = {},
) => {
  const bundled = new Map(
    Object.entries(bundles).map(([id, code]) => {
      const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bundle-'));
      folders.push(folder);
      writeFileSync(join(folder, 'index.mjs'), code);
      return [id, folder];
    }),
  );
  const stack = loadStack({
    deployment: deploymentIn(undefined, 'Gatehouse-local'),
    template: templateSchema.parse({ Resources: resources }),
    assetFolder: (key) => bundled.get(key) ?? '',
  });
  const lines: string[] = [];
  const accessLog: string[] = [];
  const invocations: InvocationRecord[] = [];
  const functions = readFunctions({
    stack,
    routes: [],
    clock: makeClock().shared,
    onLine: (_, line) => lines.push(line),
    record: (record) => invocations.push(record),
    environment: (_, variables) => variables,
  });
  running.push(...functions.values());
  const api = readRestApi(stack, byEveryArn(stack, functions));
  const firewall = readFirewall(
    stack,
    `arn:aws:apigateway:eu-west-1::/restapis/${api.id}/stages/${api.stage.name}`,
  );
  const gateway = new Gateway({
    api,
    entry: readEntry(stack, api),
    firewall,
    onAccess: (line) => accessLog.push(line),
  });
  const time = { now: Date.parse('2026-11-24T12:00:00Z') };
  const server = await startServer({
    port: 0,
    now: () => time.now,
    answer: (request) => gateway.answer(request),
    ...options,
  });
  running.push(server);
  return {
    port: server.port,
    send: (path: string, send: RequestInput = {}) => ask_(server.port, path, send),
    lines,
    accessLog,
    invocations,
    time,
  };
};

export interface RequestInput {
  readonly method?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string | Buffer;
  /** The caller's own address, anything in 127.0.0.0/8. */
  readonly from?: string;
  /** Told of every chunk as it arrives. */
  readonly onChunk?: (text: string) => void;
}

export interface Asked {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly json: unknown;
}

const ask_ = (
  port: number,
  path: string,
  { method = 'GET', headers = {}, body, from, onChunk }: RequestInput,
): Promise<Asked> =>
  new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: '127.0.0.1',
        port,
        path,
        method,
        headers,
        agent: false,
        ...(from && { localAddress: from }),
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
          onChunk?.(chunk);
        });
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: text,
            json: parsed(text),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
