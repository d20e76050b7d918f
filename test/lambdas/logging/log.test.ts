import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as fc from 'fast-check';
import * as z from 'zod/mini';
import { log } from '../../../lambdas/logging/log.ts';
import { describeError, filtered } from '../../../lambdas/logging/redaction.ts';
import type { SafeFields } from '../../../lambdas/logging/safe-logger.ts';
import { countEvents } from '../../../lambdas/logging/security-events.ts';
import { inSource } from '../../../lambdas/logging/source-position.ts';
import { userHash } from '../../../lambdas/logging/user-hash.ts';
import { requestId } from '../http/gateway-event.ts';
import { capture } from './log-lines.ts';

const logger = (environment: 'production' | 'development' = 'production', sensitive = false) =>
  log({ service: 'test', environment, sensitive })({
    requestId,
    endpoint: '/mcp',
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  });

const written = async (fields: SafeFields) => {
  const { lines } = await capture(() => logger().warning('A message', fields));
  return lines[0];
};

describe('a log line', () => {
  it('says what happened where, with the ids that lead to the gateway’s log and the caller’s trace', async () => {
    expect(await written({ code: 'invalid_token', status: 401, detail: 'expired' })).toMatchObject({
      level: 'WARN',
      message: 'A message',
      service: 'test',
      requestId,
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      endpoint: '/mcp',
      code: 'invalid_token',
      status: 401,
      detail: 'expired',
    });
  });

  it('cannot be given a token, a body or a header: the field does not exist, and does not come through either', async () => {
    // @ts-expect-error there is no such field
    const token: SafeFields = { token: 'canary' };
    // @ts-expect-error nor such a one
    const header: SafeFields = { authorization: 'canary' };
    expect(JSON.stringify([await written(token), await written(header)])).not.toContain('canary');
  });

  it('cannot be given a sentence with a value spliced in', () => {
    const value: string = 'canary';
    // @ts-expect-error a message is a literal
    const splice = () => logger().info(`A code: ${value}`);
    expect(splice).toEqual(expect.any(Function));
  });

  it('names a user by a hash that only userHash makes', () => {
    // @ts-expect-error a subject is no hash
    const fields: SafeFields = { user: 'sub-1' };
    expect(fields).toBeDefined();
    expect(userHash('sub-1')).toMatch(/^[0-9a-f]{16}$/);
    expect(userHash('sub-1')).not.toBe(userHash('sub-2'));
  });

  it('is not written at DEBUG in production, sampled or not', async () => {
    process.env['POWERTOOLS_LOG_LEVEL'] = 'DEBUG';
    process.env['POWERTOOLS_LOGGER_SAMPLE_RATE'] = '1';
    try {
      expect((await capture(() => logger('production').debug('A message'))).lines).toEqual([]);
      expect((await capture(() => logger('development').debug('A message'))).lines).not.toEqual([]);
    } finally {
      delete process.env['POWERTOOLS_LOG_LEVEL'];
      delete process.env['POWERTOOLS_LOGGER_SAMPLE_RATE'];
    }
  });

  it('stays one line of JSON whatever is in its fields', async () => {
    const hostile = [
      '\r\n{"level":"INFO","message":"forged"}',
      '\u001b[2J\u001b[31m',
      '\u0000',
      '\u202etxt.exe',
      '\u2028\u2029',
      '"}',
      '\\',
      '\ud800',
      '\u0085',
    ];
    for (const text of hostile) {
      const { raw, lines } = await capture(() =>
        logger().warning('A message', { detail: text, path: text, origin: text, scope: text }),
      );
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatchObject({ level: 'WARN', message: 'A message' });
      expect(raw.trimEnd()).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u);
    }
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 3000 }), async (text) => {
        const { raw, lines } = await capture(() => logger().warning('A message', { detail: text }));
        expect(lines).toHaveLength(1);
        expect(raw.trimEnd()).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u);
        expect(String(lines[0]?.['detail'] ?? '').length).toBeLessThanOrEqual(1000);
      }),
      { numRuns: 200, interruptAfterTimeLimit: 5000 },
    );
  });
});

describe('the last-line filter', () => {
  const secrets: readonly (readonly [name: string, secret: string, text: string])[] = (() => {
    const code = randomBytes(32).toString('base64url');
    const hex = randomBytes(32).toString('hex');
    const jwt = `eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ${code}.${code}`;
    return [
      ['a token', jwt, `upstream said ${jwt}`],
      ['a token cut short', 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIi', 'at eyJhbGciOiJSUzI1NiJ9.eyJzdWIi'],
      ['a bearer header', 'short-secret', 'authorization: Bearer short-secret'],
      ['basic credentials', 'YTpi', 'Basic YTpi'],
      ['a code', code, `grant ${code} failed`],
      ['a code in a query', 'abc123', 'GET /callback?code=abc123&state=xyz789'],
      ['a state in a query', 'xyz789', 'GET /callback?code=abc123&state=xyz789'],
      ['a verifier in a form', 'tiny', 'code_verifier=tiny'],
      ['a secret in JSON', 'tiny', '{"client_secret":"tiny"}'],
      ['a hexadecimal secret', hex, `key ${hex}`],
      ['a cookie', 'tiny', 'cookie: __Host-login=tiny'],
      ['an address', 'dev@example.com', 'user dev@example.com not found'],
      ['an address, URL-encoded', 'dev%40example.com', 'login_hint=dev%40example.com'],
    ];
  })();

  it.each(secrets)('takes %s out', (_name, secret, text) => {
    expect(filtered('detail', text)).not.toContain(secret);
  });

  it('leaves what an operator needs', () => {
    const uuid = randomUUID();
    for (const text of [
      'another issuer',
      uuid,
      '1-5759e988-bd862e3fe1be46a994272793',
      '/.well-known/oauth-protected-resource/mcp',
      'https://claude.ai',
    ]) {
      expect(filtered('detail', text)).toBe(text);
    }
    const client = randomBytes(32).toString('base64url');
    expect(filtered('clientId', client)).toBe(client);
  });

  it('says of what it lets pass unseen the same as of the rest', () => {
    const pieces = ['eyJhbGciOi', 'bearer ', 'code', 'token', '=', ':', '@', '%40', 'a.b', '-'];
    const word = fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...pieces) },
      fc.stringMatching(/^[\w./-]{1,33}$/),
      fc.stringMatching(/^[0-9a-f-]{31,37}$/),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.string({ unit: 'binary', maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
        const text = words.join('');
        // A space in front is no short word, and is cut off again.
        expect(filtered('detail', text)).toBe(filtered('detail', ` ${text}`));
      }),
      { numRuns: 2000, interruptAfterTimeLimit: 5000 },
    );
  });

  it('tells an error without quoting what could not be parsed', () => {
    const error = (() => {
      try {
        return JSON.parse('code=canary');
      } catch (caught) {
        return new Error('outer', { cause: caught });
      }
    })();
    expect(describeError(error)).toMatch(/^Error: outer <- SyntaxError \| at /);
    expect(describeError(error)).not.toContain('canary');
    expect(describeError('canary')).toBe('a thrown string');
    expect(describeError(undefined)).toBe('a thrown undefined');
    const circular = new Error('a');
    circular.cause = circular;
    expect(describeError(circular)).toContain('Error: a');
  });
});

describe('what a log says of an error', () => {
  it('names what a schema refuses and where, through the filter', () => {
    const schema = z.object({ orders: z.array(z.object({ total: z.number() })) });
    const { error } = schema.safeParse({ orders: [{ total: 'canary' }] });
    expect(filtered('cause', describeError(error))).toMatch(
      /^\$?ZodError: invalid_type at orders\.0\.total( \| |$)/,
    );
    expect(describeError(schema.safeParse('canary').error)).toContain(': invalid_type at the root');
  });

  it('names the innermost frames, and the first that is in nobody else’s package', () => {
    const error = new Error('broken');
    error.stack = [
      'Error: broken',
      ...[1, 2, 3, 4].map((line) => `    at z (node_modules/zod/v4/core/core.js:${line}:1)`),
      '    at node:internal/process/task_queues:103:5',
      '    at o (tools/list-orders.ts:14:11)',
      '    at p (lambdas/mcp/serve.ts:1:1)',
    ].join('\n');
    expect(describeError(error)).toBe(
      'Error: broken | at z (node_modules/zod/v4/core/core.js:1:1) | at z (node_modules/zod/v4/core/core.js:2:1) | at o (tools/list-orders.ts:14:11)',
    );
    error.stack = 'Error: broken\n    at a (node:a:1:1)\n    at b (node:b:1:1)';
    expect(describeError(error)).toBe('Error: broken | at a (node:a:1:1) | at b (node:b:1:1)');
  });

  it('takes no frame from the message, which may quote a caller, and walks no more than V8 notes', () => {
    const forged = '\n    at forged (file:///tmp/forged.mjs:1:1)'.repeat(100_000);
    const error = new Error(`No such order: ${forged}`);
    const [, ...frames] = describeError(error).split(' | ');
    expect(frames.length).toBeGreaterThan(0);
    expect(frames.join()).not.toContain('forged');
    // A message that was changed later is not found in the stack.
    Object.assign(error, {
      message: 'another',
      stack: `${'    at f (node:f:1:1)\n'.repeat(10)}    at own (own.ts:1:1)`,
    });
    expect(describeError(error)).not.toContain('own.ts');
    Object.assign(error, { stack: 5 });
    expect(describeError(error)).toBe('Error: another');
  });

  it('names lines of the sources where the failure is ours, and never where a stranger can cause it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-map-'));
    try {
      // The first place of the bundle is line 14, column 3 of the source (base64 VLQ: 0, 0, 13, 2).
      const map = { version: 3, names: [], sources: ['tools/list-orders.ts'], mappings: 'AAaE' };
      const bundle = join(folder, 'index.mjs');
      writeFileSync(`${bundle}.map`, JSON.stringify(map));
      const cause = new Error('broken');
      const frame = (file: string) => `at o (${pathToFileURL(file)}:1:1)`;
      cause.stack = `Error: broken\n    ${frame(bundle)}`;
      expect(await written({ status: 401, cause })).toMatchObject({
        cause: expect.stringContaining('index.mjs:1:1'),
      });
      for (const status of [500, undefined])
        expect(await written({ ...(status && { status }), cause })).toMatchObject({
          cause: 'Error: broken | at o (tools/list-orders.ts:14:3)',
        });
      // Nothing lies beside this one.
      expect(inSource(frame(join(folder, 'other.mjs')))).toBe(frame(join(folder, 'other.mjs')));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('a security event', () => {
  it('is one metric by endpoint and in total, and nothing before it', async () => {
    const count = countEvents();
    const { lines } = await capture(() => count('CodeReplay', '/token'));
    expect(lines).toEqual([
      {
        _aws: {
          Timestamp: expect.any(Number),
          CloudWatchMetrics: [
            {
              Namespace: 'Gatehouse',
              Dimensions: [['endpoint'], []],
              Metrics: [{ Name: 'CodeReplay', Unit: 'Count' }],
            },
          ],
        },
        endpoint: '/token',
        CodeReplay: 1,
      },
    ]);
  });
});
