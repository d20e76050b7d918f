import { jsonCall, makeAws } from '../../../bin/aws/aws.ts';
import { type LogsApi, startLogsApi } from '../../../local/logs/logs-api.ts';

const lines: string[] = [];
const actions: string[] = [];
let logs: LogsApi;
beforeAll(async () => {
  logs = await startLogsApi({
    groups: new Map([['trail', 'arn:aws:logs:eu-west-1:1:log-group:trail']]),
    permits: (key, { action, resource }) => {
      actions.push(`${key} ${action} ${resource}`);
      return key === 'operator';
    },
    onLine: (group, line) => lines.push(`${group} ${line}`),
  });
});
afterAll(() => logs.stop());

const call = (operation: string, input: object, accessKeyId = 'operator') =>
  jsonCall(
    makeAws({
      region: 'eu-west-1',
      credentials: { accessKeyId, secretAccessKey: 'secret' },
      endpoints: { logs: { url: logs.endpoint } },
    }),
    'logs',
    `Logs_20140328.${operation}`,
    input,
  );
const stream = { logGroupName: 'trail', logStreamName: 'operators' };
const logEvents = [{ timestamp: 1, message: '{"a":1}' }];

describe('the emulated CloudWatch Logs', () => {
  it('has a stream once it was made, and takes lines for it', async () => {
    await expect(call('PutLogEvents', { ...stream, logEvents })).rejects.toThrow(
      'ResourceNotFoundException: The specified log stream',
    );
    await call('CreateLogStream', stream);
    await expect(call('CreateLogStream', stream)).rejects.toThrow('ResourceAlreadyExists');
    await call('PutLogEvents', { ...stream, logEvents });
    expect(lines).toEqual(['trail {"a":1}']);
  });

  it('asks for the permission of each operation on the stream', async () => {
    await expect(call('PutLogEvents', { ...stream, logEvents }, 'function')).rejects.toThrow(
      'AccessDenied',
    );
    expect(actions.at(-1)).toBe(
      'function logs:PutLogEvents arn:aws:logs:eu-west-1:1:log-group:trail:log-stream:operators',
    );
  });

  it.each([
    ['GetLogEvents', stream, 'UnknownOperationException'],
    ['PutLogEvents', { ...stream, logGroupName: 'other', logEvents }, 'The specified log group'],
    ['PutLogEvents', { logEvents }, 'InvalidParameterException'],
    ['PutLogEvents', { ...stream, logEvents: [] }, 'InvalidParameterException'],
    ['PutLogEvents', { ...stream, logEvents: [{ message: '' }] }, 'InvalidParameterException'],
  ])('refuses %s of %j', async (operation, input, code) => {
    await expect(call(operation, input)).rejects.toThrow(code);
  });

  it('refuses what is not signed', async () => {
    const response = await fetch(logs.endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': 'Logs_20140328.PutLogEvents' },
      body: JSON.stringify({ ...stream, logEvents }),
    });
    expect(await response.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
  });
});
