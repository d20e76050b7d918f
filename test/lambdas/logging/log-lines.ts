/**
 * What the process wrote while something ran: Powertools writes to stdout and stderr, where Lambda
 * reads.
 */
export interface Written {
  readonly raw: string;
  /** Each line, parsed: fails when a line is not one JSON object. */
  readonly lines: readonly Record<string, unknown>[];
}

export const capture = async <Result>(
  run: () => Promise<Result> | Result,
): Promise<Written & { readonly result: Result }> => {
  const chunks: string[] = [];
  const streams = [process.stdout, process.stderr].map((stream) => ({
    stream,
    write: stream.write,
  }));
  for (const { stream } of streams) {
    stream.write = (chunk: string | Uint8Array) => {
      chunks.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
      return true;
    };
  }
  try {
    const result = await run();
    const raw = chunks.join('');
    return {
      result,
      raw,
      lines: raw
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    };
  } finally {
    for (const { stream, write } of streams) stream.write = write;
  }
};

/** Names of the security events that were logged, and of the metrics that were counted. */
export const eventsOf = ({ lines }: Written): string[] =>
  lines.flatMap(({ event }) => (typeof event === 'string' ? [event] : []));
export const metricsOf = ({ lines }: Written): string[] =>
  lines.flatMap((line) =>
    '_aws' in line ? Object.keys(line).filter((name) => line[name] === 1) : [],
  );
