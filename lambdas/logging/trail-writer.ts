import type { TrailLine } from './trail.ts';

/**
 * Writes lines of the trail (LOG-6) to where Lambda reads a function's log. Not by Powertools: every
 * call waits for its line, and of what Powertools does for one (a level that may be set to have fewer,
 * a buffer, attributes that are merged deeply, a time zone, Node's own Console) the trail wants
 * nothing. Each text passes the last-line filter by itself, since a replacer takes JSON.stringify's
 * fast path away.
 */
export const trailWriter =
  (service: string, filter: (name: string, text: string) => string): ((line: TrailLine) => void) =>
  (line) => {
    const written: Record<string, string | number | undefined> = {
      // Lambda looks at the level and the time of each line. No message: `trail` says what it is, and
      // each byte is paid for twice.
      level: 'INFO',
      timestamp: new Date().toISOString(),
      service,
      xray_trace_id: recordedTrace(process.env['_X_AMZN_TRACE_ID']),
    };
    let name: keyof TrailLine;
    for (name in line) {
      const value = line[name];
      if (value !== '') written[name] = typeof value === 'string' ? filter(name, value) : value;
    }
    process.stdout.write(`${JSON.stringify(written)}\n`);
  };

/**
 * The id of a trace that nobody recorded leads nowhere, and one in a hundred is recorded. Callers can
 * send the header, so nothing but an id is taken from it.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
const recordedTrace = (header: string | undefined): string | undefined =>
  header?.includes('Sampled=1')
    ? /(?:^|;)Root=(1-[0-9a-f]{8}-[0-9a-f]{24})(?:;|$)/.exec(header)?.[1]
    : undefined;
