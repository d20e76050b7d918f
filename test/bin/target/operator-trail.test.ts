import { makeAws } from '../../../bin/aws/aws.ts';
import { AwsError } from '../../../bin/aws/error.ts';
import { operatorTrail, recorded } from '../../../bin/target/operator-trail.ts';
import type { TrailSubjects } from '../../../lambdas/logging/trail.ts';
import { userHash } from '../../../lambdas/logging/user-hash.ts';
import { type LogsApi, startLogsApi } from '../../../local/logs/logs-api.ts';
import { type AwsStub, startAwsStub } from '../aws-stub.ts';

const sub = '0f8fad5b-d9cb-469f-a165-70867728950e';
const logGroup = 'audit';
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const operation = { command: 'user block', sub };

let logs: LogsApi;
const lines: { readonly group: string; readonly line: string }[] = [];
let stub: AwsStub | undefined;
beforeAll(async () => {
  logs = await startLogsApi({
    groups: new Map([[logGroup, 'arn:aws:logs:eu-west-1:111122223333:log-group:audit']]),
    permits: () => true,
    onLine: (group, line) => lines.push({ group, line }),
  });
});
beforeEach(() => {
  lines.length = 0;
});
afterEach(async () => {
  await stub?.stop();
  stub = undefined;
});
afterAll(() => logs.stop());

const trailAt = (url: string, subjects: TrailSubjects = 'hashed') => {
  const aws = makeAws({ region: 'eu-west-1', credentials, endpoints: { logs: { url } } });
  return operatorTrail({ aws, logGroup, subjects, operator: async () => 'assumed-role/Admin/ada' });
};
const written = () => lines.map(({ line }) => JSON.parse(line));

/** A CloudWatch Logs that answers one thing to everything. */
const answering = async (status: number, body: object) => {
  stub = await startAwsStub(() => ({ status, body }));
  return trailAt(stub.url);
};

describe('what an operator does (LOG-6)', () => {
  it('stands in the trail before it is done, and again with its end', async () => {
    const before: object[] = [];
    const result = await recorded(trailAt(logs.endpoint), operation, async () => {
      before.push(...written());
      return 7;
    });
    expect(result).toBe(7);
    const line = {
      level: 'INFO',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      service: 'gatehouse',
      trail: 'operation',
      command: 'user block',
      operator: 'assumed-role/Admin/ada',
      user: userHash(sub),
    };
    expect(before).toEqual([line]);
    expect(written()).toEqual([line, { ...line, outcome: 'ok' }]);
    expect(lines.map(({ group }) => group)).toEqual([logGroup, logGroup]);
    expect(JSON.stringify(lines)).not.toContain(sub);
  });

  it('stands in the trail as failed when it failed, with what AWS answered', async () => {
    const denied = new AwsError('dynamodb', 400, 'AccessDeniedException', 'no');
    const failing = recorded(trailAt(logs.endpoint), operation, () => Promise.reject(denied));
    await expect(failing).rejects.toBe(denied);
    expect(written().map(({ outcome, code }) => [outcome, code])).toEqual([
      [undefined, undefined],
      ['failed', 'AccessDeniedException'],
    ]);
  });

  it('names people as the deployment does: by their subject beside the hash where it says so', async () => {
    await recorded(trailAt(logs.endpoint, 'plain'), operation, async () => {});
    const named = { user: userHash(sub), subject: sub };
    expect(written()).toEqual([
      expect.objectContaining(named),
      expect.objectContaining({ ...named, outcome: 'ok' }),
    ]);
  });

  it('tells of somebody whom the command made', async () => {
    const invite = { command: 'user invite' };
    await recorded(
      trailAt(logs.endpoint),
      invite,
      async () => sub,
      (made) => ({ sub: made }),
    );
    expect(written().map(({ user }) => user)).toEqual([undefined, userHash(sub)]);
  });

  it('brings no control character and no endless text into the trail', async () => {
    const write = trailAt(logs.endpoint);
    await write({ command: 'user group add', detail: `a\u001b[2J\u202e${'b'.repeat(5000)}` });
    const [{ detail }] = written();
    expect(detail).toMatch(/^a\[2Jb+$/);
    expect(detail).toHaveLength(1000);
  });

  it.each([
    [400, { __type: 'AccessDeniedException', message: 'no' }, 'logs:PutLogEvents'],
    [400, { __type: 'ResourceNotFoundException', message: 'no group' }, 'no group'],
    [200, { rejectedLogEventsInfo: { tooNewLogEventStartIndex: 0 } }, 'set the clock'],
  ])('is not done where its line cannot be written: %s %j', async (status, body, fix) => {
    let changes = 0;
    const change = async () => {
      changes += 1;
    };
    const trying = recorded(await answering(status, body), operation, change);
    await expect(trying).rejects.toThrow('so nothing was changed');
    await expect(trying).rejects.toThrow(fix);
    expect(changes).toBe(0);
  });

  it('is not done where the deployment is older than the command', async () => {
    let changes = 0;
    const change = async () => {
      changes += 1;
    };
    const aws = makeAws({ region: 'eu-west-1', credentials });
    const older = operatorTrail({
      aws,
      logGroup: undefined,
      subjects: 'hashed',
      operator: async () => 'ada',
    });
    await expect(recorded(older, operation, change)).rejects.toThrow('deploy this version');
    expect(changes).toBe(0);
  });

  it('is not taken for undone when only its last line is lost', async () => {
    const write = trailAt(logs.endpoint);
    let calls = 0;
    const once: typeof write = (entry) => {
      calls += 1;
      return calls === 1 ? write(entry) : Promise.reject(new Error('lost'));
    };
    expect(await recorded(once, operation, async () => 'done')).toBe('done');
  });
});
