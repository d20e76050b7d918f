import * as z from 'zod';
import type { LambdaFunction } from '../lambda/function.ts';
import { preludeDelimiter } from '../lambda/response-stream.ts';
import { ChunkPipe } from './chunk-pipe.ts';
import {
  functionFailed,
  type Integrated,
  proxyHead,
  proxyHeaders,
  timedOut,
} from './proxy-response.ts';
import { quotas } from './quotas.ts';

const preludeSchema = proxyHead.extend({ cookies: z.array(z.string()).nullish() });

/** Collects a stream's first bytes until the delimiter that ends the JSON prelude. */
class Prelude {
  #bytes = Buffer.alloc(0);

  /** Gives the prelude and what already follows it, once the delimiter is there. */
  take(data: Uint8Array): { readonly json: string; readonly rest: Buffer } | undefined {
    this.#bytes = Buffer.concat([this.#bytes, data]);
    const end = this.#bytes.indexOf(Buffer.from(preludeDelimiter));
    if (end < 0) return undefined;
    return {
      json: this.#bytes.subarray(0, end).toString('utf8'),
      rest: this.#bytes.subarray(end + preludeDelimiter.length),
    };
  }
}

const parsePrelude = (json: string) => {
  try {
    return preludeSchema.safeParse(JSON.parse(json));
  } catch {
    return { success: false } as const;
  }
};

/**
 * Invokes a streaming function: the answer is there with the prelude, and its body follows as it is
 * written.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
 */
export const streamResponse = (
  lambda: LambdaFunction,
  event: unknown,
  {
    traceId,
    timeoutMilliseconds,
  }: { readonly traceId: string; readonly timeoutMilliseconds: number },
): Promise<Integrated> =>
  new Promise((resolve) => {
    const prelude = new Prelude();
    const pipe = new ChunkPipe();
    let started = false;
    let refused = false;
    /**
     * Before the prelude a failure is a gateway response; after it the status is out, and only the
     * connection can be cut.
     */
    const fail = (integrated: Integrated, reason: string): void => {
      refused = true;
      resolve(integrated);
      pipe.fail(new Error(reason));
    };
    const timer = setTimeout(
      () => fail(timedOut, 'the integration took too long'),
      timeoutMilliseconds,
    );
    const idle = setTimeout(
      () => fail(timedOut, 'the stream was silent for too long'),
      quotas.streamIdleMilliseconds,
    );
    const start = (json: string): void => {
      const head = parsePrelude(json);
      const headers = head.success ? proxyHeaders(head.data, head.data.cookies ?? []) : undefined;
      if (!head.success || headers === undefined) {
        fail(functionFailed, 'the prelude is malformed');
        return;
      }
      started = true;
      resolve({
        kind: 'answer',
        answer: { status: head.data.statusCode, headers, body: pipe },
      });
    };
    const onChunk = async (data: Uint8Array): Promise<void> => {
      idle.refresh();
      if (refused) return;
      if (started) return pipe.write(data);
      const complete = prelude.take(data);
      if (complete === undefined) return;
      start(complete.json);
      await pipe.write(complete.rest);
    };
    lambda.invoke(event, { traceId, onChunk }).then((outcome) => {
      clearTimeout(timer);
      clearTimeout(idle);
      if (outcome.kind === 'streamed' && started) pipe.end();
      else fail(functionFailed, 'the function failed');
    });
  });
