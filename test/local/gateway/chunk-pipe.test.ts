import { ChunkPipe } from '../../../local/gateway/chunk-pipe.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('a pipe of chunks', () => {
  it('hands each on as it comes, and lets the writer go on when it is taken', async () => {
    const pipe = new ChunkPipe();
    const written = Promise.all([pipe.write(bytes('a')), pipe.write(bytes('b'))]).then(() =>
      pipe.end(),
    );
    const seen: string[] = [];
    for await (const chunk of pipe) seen.push(new TextDecoder().decode(chunk));
    await written;
    expect(seen).toEqual(['a', 'b']);
  });

  it('keeps no writer waiting whose reader left, not even with the chunk that it had in hand', async () => {
    const pipe = new ChunkPipe();
    const writes = [pipe.write(bytes('a')), pipe.write(bytes('b')), pipe.write(bytes('c'))];
    for await (const _chunk of pipe) break;
    await Promise.all(writes);
    await pipe.write(bytes('later'));
  });

  it('gives what is there before the error', async () => {
    const pipe = new ChunkPipe();
    void pipe.write(bytes('a'));
    pipe.fail(new Error('cut'));
    const seen: Uint8Array[] = [];
    await expect(
      (async () => {
        for await (const chunk of pipe) seen.push(chunk);
      })(),
    ).rejects.toThrow('cut');
    expect(seen).toHaveLength(1);
  });
});
