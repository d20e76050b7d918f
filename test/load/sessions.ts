import * as http from 'node:http';
import timers from 'node:timers/promises';
import { freshAddress } from '../e2e/runtime/send.ts';
import { conversation, type Era, type Step } from './conversation.ts';

export interface Load {
  /** Sessions at a time. As one ends, the next user's begins. */
  readonly sessions: number;
  readonly seconds: number;
  /** The same load before that, of which only the errors count. @default 0 */
  readonly warmUpSeconds?: number;
  /** Told when the load has warmed up. */
  readonly onWarm?: () => void;
  /** How often each session calls. @default as soon as the last answer is there */
  readonly secondsBetweenCalls?: number;
  /** One for each session, taken from the end. */
  readonly tokens: string[][];
  readonly port: number;
}

export interface Outcome {
  /** Milliseconds of each call that does not take time by itself. */
  readonly latencies: readonly number[];
  readonly calls: number;
  readonly sessions: number;
  readonly errors: readonly string[];
  readonly seconds: number;
}

interface LoadResponse {
  readonly status: number;
  readonly body: string;
  readonly isStream: boolean;
}

const eras: readonly Era[] = ['2026-07-28', '2025-11-25'];

/** Keeps that many sessions going for that long, and checks every answer. */
export const run = async ({
  sessions,
  seconds,
  warmUpSeconds = 0,
  onWarm,
  secondsBetweenCalls = 0,
  tokens,
  port,
}: Load): Promise<Outcome> => {
  const startedAt = performance.now() + warmUpSeconds * 1000;
  const isMeasured = () => performance.now() >= startedAt;
  const warm = setTimeout(() => onWarm?.(), warmUpSeconds * 1000);
  const endAt = startedAt + seconds * 1000;
  const latencies: number[] = [];
  const errors: string[] = [];
  const counts = { calls: 0, sessions: 0 };

  const take = async (step: Step, send: (step: Step) => Promise<LoadResponse>): Promise<void> => {
    const sentAt = performance.now();
    const counted = isMeasured();
    if (counted) counts.calls += 1;
    try {
      const response = await send(step);
      if (counted && !step.isSlow) latencies.push(performance.now() - sentAt);
      const fault = problemOf(step, response);
      if (fault !== undefined) errors.push(`${step.name}: ${fault}`);
    } catch (error) {
      errors.push(`${step.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };

  const session = async (turn: number, token: string): Promise<void> => {
    const era = eras[turn % eras.length] ?? '2026-07-28';
    // Another computer each time, and a connection that it keeps.
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1, localAddress: freshAddress() });
    counts.sessions += 1;
    try {
      for (const step of conversation(era, turn)) {
        const next = performance.now() + secondsBetweenCalls * 1000;
        await take(step, (each) => post(port, token, each, agent));
        if (performance.now() >= endAt) return;
        await timers.setTimeout(Math.max(0, next - performance.now()));
      }
    } finally {
      agent.destroy();
    }
  };

  const keepOn = async (index: number): Promise<void> => {
    // Not all on the same beat.
    await timers.setTimeout((index / sessions) * secondsBetweenCalls * 1000);
    const own = tokens[index % tokens.length] ?? [];
    for (let queue = index; performance.now() < endAt; queue += 1) {
      const token = own.pop();
      if (token === undefined) throw new Error('There are too few users for this load.');
      await session(queue, token);
    }
  };

  await Promise.all(Array.from({ length: sessions }, (_, index) => keepOn(index))).finally(() =>
    clearTimeout(warm),
  );
  return { latencies, errors, ...counts, seconds: (performance.now() - startedAt) / 1000 };
};

const post = (
  port: number,
  token: string,
  { body, headers }: Step,
  agent: http.Agent,
): Promise<LoadResponse> =>
  new Promise((resolve, reject) => {
    const text = JSON.stringify(body);
    const request = http.request({
      host: '127.0.0.1',
      port,
      method: 'POST',
      path: '/mcp',
      agent,
      headers: {
        host: `localhost:${port}`,
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'content-length': Buffer.byteLength(text),
        ...headers,
      },
    });
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).toString('utf8'),
          isStream: response.headers['content-type'] === 'text/event-stream',
        }),
      );
    });
    request.end(text);
  });

const problemOf = ({ status, isRight, isSlow }: Step, answer: LoadResponse): string | undefined => {
  const wrong = `${answer.status} ${answer.body.slice(0, 300)}`;
  if (answer.status !== status) return wrong;
  if (isSlow && !answer.isStream) return 'no progress was streamed';
  const last = answer.isStream ? answer.body.split('data: ').at(-1) : answer.body;
  return isRight(last === undefined || last === '' ? undefined : JSON.parse(last))
    ? undefined
    : wrong;
};
