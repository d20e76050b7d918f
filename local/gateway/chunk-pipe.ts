interface Chunk {
  readonly data: Uint8Array;
  readonly taken: () => void;
}

/**
 * Hands chunks from a function to a client, each as soon as both are ready: what the client does
 * not take, the function waits for.
 */
export class ChunkPipe implements AsyncIterable<Uint8Array> {
  readonly #chunks: Chunk[] = [];
  #wake: () => void = () => {};
  #ended = false;
  #error: Error | undefined;
  #abandoned = false;

  /**
   * Resolves when the client has taken the chunk, or at once when it is gone: Lambda hears nothing
   * of a client's leaving.
   */
  write(data: Uint8Array): Promise<void> {
    if (this.#abandoned || data.length === 0) return Promise.resolve();
    return new Promise((taken) => {
      this.#chunks.push({ data, taken });
      this.#wake();
    });
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** The reader gets the chunks that are there, then the error. */
  fail(error: Error): void {
    this.#error ??= error;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (;;) {
        const chunk = this.#chunks.shift();
        if (chunk) {
          try {
            yield chunk.data;
          } finally {
            // Also when the client left with this one in hand: the function must not wait for it.
            chunk.taken();
          }
        } else if (this.#error) throw this.#error;
        else if (this.#ended) return;
        else
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
      }
    } finally {
      this.#abandoned = true;
      for (const { taken } of this.#chunks.splice(0)) taken();
    }
  }
}
