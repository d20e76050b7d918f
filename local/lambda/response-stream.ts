import { Writable } from 'node:stream';

/** How Lambda's runtime marks a handler that streams. */
const streaming = Symbol.for('aws.lambda.runtime.handler.streaming');

/**
 * Ends the JSON prelude of an `http-integration-response` (API Gateway developer guide, "Lambda
 * proxy integration format for response streaming").
 */
export const preludeDelimiter = new Uint8Array(8);

/**
 * The stream that a streaming handler writes to. Each chunk waits until the client has taken the
 * one before.
 */
export class ResponseStream extends Writable {
  #prelude: string | undefined;
  readonly #send: (data: Uint8Array) => Promise<void>;

  constructor(send: (data: Uint8Array) => Promise<void>) {
    super({ decodeStrings: true });
    this.#send = send;
  }

  /** Part of the interface that handlers know; the prelude says the content type that counts. */
  setContentType(_contentType: string): void {}

  /** Text that goes out before the first byte of the body, or at the end if there is none. */
  setPrelude(prelude: string): void {
    this.#prelude = prelude;
  }

  override _write(
    chunk: Buffer,
    _encoding: BufferEncoding,
    done: (error?: Error | null) => void,
  ): void {
    this.#sendPrelude()
      .then(() => this.#send(new Uint8Array(chunk)))
      .then(() => done(), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#sendPrelude().then(() => done(), done);
  }

  async #sendPrelude(): Promise<void> {
    const prelude = this.#prelude;
    if (prelude === undefined) return;
    this.#prelude = undefined;
    await this.#send(Buffer.concat([Buffer.from(prelude), preludeDelimiter]));
  }
}

type Callable = (...values: unknown[]) => unknown;

export const isStreamingHandler = (handler: Callable): boolean =>
  Reflect.get(handler, streaming) === 'response';

/** The `awslambda` global of Lambda's Node runtime, as far as it is documented. */
export const awslambda = {
  streamifyResponse: (handler: Callable): Callable =>
    Object.assign(handler, { [streaming]: 'response' }),
  HttpResponseStream: {
    from: (stream: ResponseStream, prelude: unknown): ResponseStream => {
      stream.setContentType('application/vnd.awslambda.http-integration-response');
      stream.setPrelude(JSON.stringify(prelude));
      return stream;
    },
  },
};
