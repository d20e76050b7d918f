import * as z from 'zod';
import { accessKeyIn } from '../iam/access-key.ts';
import type { Permissions } from '../iam/permissions.ts';
import { startListener } from '../loopback/listener.ts';
import type { LoopbackRequest, LoopbackResponse } from '../loopback/request.ts';

export interface LogsApiSettings {
  /** ARNs of the log groups, by name. */
  readonly groups: ReadonlyMap<string, string>;
  readonly permits: Permissions;
  readonly onLine: (logGroup: string, line: string) => void;
}

/** CloudWatch Logs on loopback, as far as commands write to it. */
export interface LogsApi {
  /** `http://localhost:{port}` */
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** A batch of PutLogEvents. */
const requestBytes = 1024 * 1024;

const stream = z.looseObject({ logGroupName: z.string(), logStreamName: z.string() });
const events = stream.extend({
  logEvents: z.array(z.looseObject({ timestamp: z.int(), message: z.string().min(1) })).min(1),
});

/**
 * Starts the emulated CloudWatch Logs: `CreateLogStream` and `PutLogEvents`.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
 */
export const startLogsApi = async ({
  groups,
  permits,
  onLine,
}: LogsApiSettings): Promise<LogsApi> => {
  const streams = new Set<string>();
  const operations: Readonly<Record<string, (input: unknown) => LoopbackResponse>> = {
    CreateLogStream: (input) => {
      const name = streamName(stream.parse(input));
      if (streams.has(name))
        return refused('ResourceAlreadyExistsException', 'The specified log stream already exists');
      streams.add(name);
      return json(200, {});
    },
    PutLogEvents: (input) => {
      const { logEvents, ...named } = events.parse(input);
      if (!streams.has(streamName(named)))
        return refused('ResourceNotFoundException', 'The specified log stream does not exist.');
      for (const { message } of logEvents) onLine(named.logGroupName, message);
      return json(200, {});
    },
  };
  const respond = async (request: LoopbackRequest): Promise<LoopbackResponse> => {
    const [, name = ''] =
      /^Logs_20140328\.(\w+)$/.exec(String(request.headers['x-amz-target'])) ?? [];
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (operation === undefined)
      return refused('UnknownOperationException', 'The local runtime does not emulate this.');
    const key = accessKeyIn(request);
    if (key === '')
      return refused('MissingAuthenticationTokenException', 'Missing Authentication Token');
    const input = readJson(request.body);
    const { success, data } = stream.safeParse(input);
    if (!success)
      return refused('InvalidParameterException', 'The request is not one of the operation.');
    const arn = groups.get(data.logGroupName);
    if (arn === undefined)
      return refused('ResourceNotFoundException', 'The specified log group does not exist.');
    const action = `logs:${name}`;
    if (!permits(key, { action, resource: `${arn}:log-stream:${data.logStreamName}` }))
      return refused('AccessDeniedException', `No policy allows the action ${action}`);
    try {
      return operation(input);
    } catch {
      return refused('InvalidParameterException', 'The request is not one of the operation.');
    }
  };
  const listener = await startListener({
    port: 0,
    maximumBodyBytes: requestBytes,
    answer: respond,
    faultResponse: () => refused('ServiceUnavailableException', 'The service cannot complete it.'),
  });
  return { endpoint: `http://localhost:${listener.port}`, stop: listener.stop };
};

const streamName = ({ logGroupName, logStreamName }: z.infer<typeof stream>): string =>
  `${logGroupName} ${logStreamName}`;

const readJson = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

const refused = (type: string, message: string): LoopbackResponse =>
  json(400, { __type: type, message });

const json = (status: number, body: object): LoopbackResponse => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: JSON.stringify(body),
});
