import { createServer } from 'node:http';

export interface StubAnswer {
  readonly status?: number;
  /** An object is sent as JSON, a text as it is. */
  readonly body: object | string;
}

export interface Call {
  /** `DescribeStacks`, `AWSCognitoIdentityProviderService.ListUsers`, `GET /account`. */
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface AwsStub {
  readonly url: string;
  readonly calls: Call[];
  stop(): Promise<void>;
}

/** A service on this computer that answers operations by name, and refuses what is not signed. */
export const startAwsStub = async (
  answers: (call: Call) => StubAnswer | undefined,
): Promise<AwsStub> => {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const call = callOf(request, Buffer.concat(chunks).toString('utf8'));
      calls.push(call);
      const isSigned = request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ') === true;
      const sent = (isSigned && answers(call)) || {
        status: 400,
        body: { __type: isSigned ? 'UnknownOperationException' : 'MissingAuthenticationToken' },
      };
      response.statusCode = sent.status ?? 200;
      response.end(typeof sent.body === 'string' ? sent.body : JSON.stringify(sent.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    calls,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
};

const callOf = (
  {
    method,
    url,
    headers,
  }: {
    readonly method?: string | undefined;
    readonly url?: string | undefined;
    readonly headers: Readonly<Record<string, unknown>>;
  },
  body: string,
): Call => {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return { name: target, input: JSON.parse(body) };
  const parameters = Object.fromEntries(new URLSearchParams(body));
  const { Action } = parameters;
  return { name: Action ?? `${method} ${url}`, input: parameters };
};

/** What DescribeStacks answers for a deployed Gatehouse. */
export const describedStack = (outputs: Readonly<Record<string, string>>): string =>
  `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member><StackName>Gatehouse-prod</StackName><StackStatus>UPDATE_COMPLETE</StackStatus><Outputs>${Object.entries(
    outputs,
  )
    .map(
      ([key, value]) =>
        `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
    )
    .join(
      '',
    )}</Outputs></member></Stacks></DescribeStacksResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></DescribeStacksResponse>`;
