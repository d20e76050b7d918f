import { log } from '../../../lambdas/logging/log.ts';
import { type TrailEntry, trailLine } from '../../../lambdas/logging/trail.ts';
import { userHash } from '../../../lambdas/logging/user-hash.ts';
import { auditTrail, trailFields, type trailSubjects } from '../../../policy/audit-trail.ts';
import { capture } from './log-lines.ts';

const sub = 'b5c1f0de-0000-4000-8000-00000000000a';
const entry: TrailEntry = {
  sub,
  clientId: 'app-client',
  profile: 'claude',
  groups: ['finance', 'all-of-the-people-of-the-northern-region'],
  mcpMethod: 'tools/call',
  definition: 'list_orders',
  argumentsHash: '0123456789abcdef0123456789abcdef',
  argumentsBytes: 21,
  outcome: 'ok',
  durationMs: 12,
  sourceIp: '192.0.2.1',
};

const origin = { requestId: 'request-1', endpoint: '/mcp' };

const written = async (subjects?: (typeof trailSubjects)[number]) => {
  const logger = log({ service: 'mcp', environment: 'production', subjects });
  const { lines, raw } = await capture(() => logger(origin).trail('call', entry));
  return { line: lines[0], raw };
};

describe('a line of the audit trail (LOG-6)', () => {
  it('says when, who, by which client, what, how it ended, and which request it was', async () => {
    expect((await written()).line).toMatchObject({
      trail: 'call',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      user: userHash(sub),
      clientId: 'app-client',
      profile: 'claude',
      groups: 'finance  all-of-the-people-of-the-northern-region',
      mcpMethod: 'tools/call',
      definition: 'list_orders',
      argumentsHash: '0123456789abcdef0123456789abcdef',
      argumentsBytes: 21,
      outcome: 'ok',
      durationMs: 12,
      sourceIp: '192.0.2.1',
      requestId: 'request-1',
    });
  });

  it('holds no plain subject without the switch', async () => {
    expect((await written()).raw).not.toContain(sub);
    expect((await written('hashed')).raw).not.toContain(sub);
    expect(trailLine('login', origin, { sub }, 'hashed')).not.toHaveProperty('subject');
  });

  it('holds the subject beside its hash with it', async () => {
    expect((await written('plain')).line).toMatchObject({ subject: sub, user: userHash(sub) });
  });

  it('passes the last-line filter, text by text', async () => {
    const logger = log({ service: 'mcp', environment: 'production' });
    const { lines } = await capture(() =>
      logger(origin).trail('call', {
        definition: 'code=abc123',
        groups: ['Bearer short-secret', 'dev@example.com'],
        profile: '\u202etxt',
        sourceIp: 'a'.repeat(40),
      }),
    );
    expect(lines).toEqual([
      expect.objectContaining({
        definition: '[redacted]',
        groups: '[redacted]  [redacted]',
        profile: 'txt',
        sourceIp: '[redacted]',
      }),
    ]);
  });

  it('has no fields but those of the policy, and those of every line', async () => {
    const names = Object.keys((await written()).line ?? {});
    expect(Object.keys({ ...trailFields, level: 0 })).toEqual(expect.arrayContaining(names));
  });

  it.each([
    ['leads to the trace of a request that is traced', '1', '1-5759e988-bd862e3fe1be46a994272793'],
    ['holds no trace id of one that is not', '0', undefined],
  ])('%s', async (_, sampled, id) => {
    process.env['_X_AMZN_TRACE_ID'] =
      `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=${sampled}`;
    try {
      expect((await written()).line?.['xray_trace_id']).toBe(id);
    } finally {
      delete process.env['_X_AMZN_TRACE_ID'];
    }
  });

  it.each([
    'Root=eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln;Sampled=1',
    'Root=1-5759e988-bd862e3fe1be46a994272793-and-more;Sampled=1',
    `Root=1-5759e988-${'b'.repeat(1000)};Sampled=1`,
    'OtherRoot=1-5759e988-bd862e3fe1be46a994272793;Sampled=1',
  ])('takes nothing from a trace header that holds no id: %s', async (header) => {
    process.env['_X_AMZN_TRACE_ID'] = header;
    try {
      expect((await written()).line).not.toHaveProperty('xray_trace_id');
    } finally {
      delete process.env['_X_AMZN_TRACE_ID'];
    }
  });

  it('tells groups whose names hold spaces apart', () => {
    const lines = [['sales', 'finance'], ['sales finance']].map(
      (groups) => trailLine('call', origin, { groups }, 'hashed').groups,
    );
    expect(lines).toEqual(['sales  finance', 'sales finance']);
  });

  it('is bounded, whatever groups somebody is in', () => {
    const groups = Array.from({ length: 100 }, (_, index) => `${index}`.padEnd(128, 'g'));
    const { groups: line } = trailLine('call', origin, { groups }, 'hashed');
    expect(String(line)).toHaveLength(auditTrail.textCharacters);
  });
});
