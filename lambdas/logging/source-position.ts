import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

/** `file:///var/task/index.mjs:38:17392` in a frame of a stack. */
const position = /(file:\/\/[^\s()]+):(\d+):(\d+)/;

/** Of the bundle, which is one in a process. A frame that names another file takes no room. */
let kept: { readonly url: string; readonly map: SourceMap } | undefined;

/**
 * A frame of a stack with the place in the source in place of that in the bundle, where a map lies
 * beside the bundle (lib/bundle). Not by Node's `--enable-source-maps`: that reads the map at every
 * cold start, for a sixth more of the processor, and this with the first failure.
 */
export const inSource = (frame: string): string =>
  frame.replace(position, (place, url: string, line: string, column: string) => {
    const origin = mapOf(url)?.findOrigin(Number(line), Number(column));
    return origin !== undefined && 'fileName' in origin
      ? `${origin.fileName}:${origin.lineNumber}:${origin.columnNumber}`
      : place;
  });

const mapOf = (url: string): SourceMap | undefined => {
  if (kept?.url === url) return kept.map;
  const map = read(url);
  if (map !== undefined) kept = { url, map };
  return map;
};

const read = (url: string): SourceMap | undefined => {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(url)}.map`, 'utf8')));
  } catch {
    // Without one the place in the bundle has to do: an error must not fail once more in the log.
    return undefined;
  }
};
