import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { handler } from '../../../lambdas/audit-trail/handler.ts';
import { linesOf } from '../../../lambdas/audit-trail/lines.ts';
import { auditTrail } from '../../../policy/audit-trail.ts';
import { capture } from '../logging/log-lines.ts';

const packed = (content: unknown) => ({
  awslogs: { data: gzipSync(JSON.stringify(content)).toString('base64') },
});
const batch = (...messages: readonly (string | object)[]) =>
  packed({
    messageType: 'DATA_MESSAGE',
    owner: '111111111111',
    logGroup: 'mcp',
    logStream: 's',
    subscriptionFilters: ['f'],
    logEvents: messages.map((message, index) => ({
      id: `event-${index}`,
      timestamp: 1,
      message: typeof message === 'string' ? message : JSON.stringify(message),
    })),
  });

/** What stands in the trail for the id that CloudWatch Logs gave a line. */
const idOf = (index: number): string =>
  createHash('sha256').update(`event-${index}`).digest('base64url').slice(0, 12);

describe('the writer of the audit trail', () => {
  it('takes over the lines of a batch, with ids that tell one that came twice', async () => {
    const { lines } = await capture(() =>
      handler(
        batch(
          { trail: 'call', definition: 'a', durationMs: 3, timestamp: '2026-01-01T00:00:00.000Z' },
          { trail: 'login', user: '0123456789abcdef' },
        ),
      ),
    );
    expect(lines).toEqual([
      {
        level: 'INFO',
        id: idOf(0),
        trail: 'call',
        definition: 'a',
        durationMs: 3,
        timestamp: '2026-01-01T00:00:00.000Z',
      },
      {
        level: 'INFO',
        id: idOf(1),
        trail: 'login',
        user: '0123456789abcdef',
      },
    ]);
  });

  it.each([
    ['text', 'START'],
    ['another line', { message: 'x' }],
    ['a kind that there is not', { trail: 'confession' }],
    ['a list', '[1]'],
  ])('leaves out %s', (_, message) => {
    expect(linesOf(batch(message))).toEqual([]);
  });

  it('takes no field that is not one of the trail, of another type, or endless', () => {
    const [line] = linesOf(
      batch({
        trail: 'call',
        password: 'secret',
        level: 'ERROR',
        durationMs: 'long',
        definition: { toString: 'x' },
        profile: 'p'.repeat(5000),
        code: 'a\nb\u202e',
        __proto__: { user: 'x' },
      }),
    );
    expect(line).toEqual({
      level: 'INFO',
      id: idOf(0),
      trail: 'call',
      profile: 'p'.repeat(auditTrail.textCharacters),
      code: 'ab',
    });
  });

  it.each(['deployment', 'operation', 'other'])(
    'takes no line of a function that says it is a %s: its tools can print what they like',
    (trail) => {
      expect(linesOf(batch({ trail, command: 'user block' }))).toEqual([]);
    },
  );

  it('answers the question of CloudWatch Logs whether it is there', () => {
    expect(linesOf(packed({ messageType: 'CONTROL_MESSAGE', logEvents: [] }))).toEqual([]);
  });

  it('writes a line for a deployment, with the stack’s name and no account', () => {
    const account = '111111111111';
    const [line] = linesOf({
      version: '0',
      source: 'aws.cloudformation',
      account,
      time: '2026-01-01T00:00:00Z',
      'detail-type': 'CloudFormation Stack Status Change',
      detail: {
        'stack-id': `arn:aws:cloudformation:eu-west-1:${account}:stack/Gatehouse-prod/0f0f`,
        'status-details': { status: 'UPDATE_COMPLETE', 'status-reason': '' },
        'client-request-token': '',
      },
    });
    expect(line).toEqual({
      level: 'INFO',
      timestamp: '2026-01-01T00:00:00Z',
      trail: 'deployment',
      stack: 'Gatehouse-prod',
      status: 'UPDATE_COMPLETE',
    });
    expect(JSON.stringify(line)).not.toContain(account);
  });

  it.each([
    ['nothing', undefined],
    ['another event', { source: 'aws.s3' }],
    ['a batch that is not packed', { awslogs: { data: 'eHg=' } }],
    ['a batch that unpacks to more than a batch may have', packed('x'.repeat(33 * 1024 * 1024))],
  ])('throws, and so is counted as an error, for %s', (_, event) => {
    expect(() => linesOf(event)).toThrow();
  });
});
