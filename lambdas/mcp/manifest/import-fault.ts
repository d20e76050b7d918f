/** Environment variables that were read and are not set. */
interface MissingVariables {
  /** Those that may have led to the error. */
  names(error: unknown): readonly string[];
  /** Begins anew, for the next file. */
  forget(): void;
}

/** Replaces `process.env` by one that notices what is read in vain. */
export const watchMissingVariables = (): MissingVariables => {
  const read = new Map<string, { readonly byTheFile: boolean }>();
  process.env = new Proxy(process.env, {
    get: (variables, name) => {
      if (typeof name === 'string' && !(name in variables)) read.set(name, { byTheFile: isOwn() });
      return Reflect.get(variables, name);
    },
  });
  return {
    names: (error) =>
      Array.from(read)
        .filter(([name, { byTheFile }]) => byTheFile || messageOf(error).includes(name))
        .map(([name]) => name),
    forget: () => read.clear(),
  };
};

/** Whether the code that reads the variable is the team's own: not a dependency's, not Node's. */
const isOwn = (): boolean => {
  const [, , , reader = ''] = new Error('read').stack?.split('\n') ?? [];
  return !reader.includes('/node_modules/') && !reader.includes('node:');
};

/** What happened at the import of a file, where, and what to do about it, in one line. */
export const importFault = (error: unknown, root: string, missing: readonly string[]): string => {
  const place = placeOf(error, root);
  const reason = `cannot be imported: ${messageOf(error)}${place === undefined ? '' : ` (${place})`}`;
  return `${reason}. ${missing.length === 0 ? general : missingVariables(missing)}`;
};

const general =
  'The build imports every definition: what needs AWS, a network or a file of this computer belongs inside the handler.';

const missingVariables = (names: readonly string[]): string =>
  `It reads ${names.join(', ')}, which the build does not know: set it in the property tools.environment, or read it inside the handler.`;

/** In one line, without the full stop that the next sentence brings. */
const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error))
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/\.$/, '');

/** The first line of the team's own code in the stack, as `tools/x.ts:3`. */
const placeOf = (error: unknown, root: string): string | undefined => {
  if (!(error instanceof Error)) return undefined;
  const frames = (error.stack ?? '').split('\n').filter((line) => !line.includes('/node_modules/'));
  return frames
    .map((line) => afterLast(`${root}/`, line))
    .map((path) => /^[^:()]+:\d+/.exec(path)?.[0])
    .find((place) => place !== undefined);
};

/** The last one: a function of the bundler's own has the path in its name as well. */
const afterLast = (part: string, line: string): string =>
  line.includes(part) ? line.slice(line.lastIndexOf(part) + part.length) : '';
