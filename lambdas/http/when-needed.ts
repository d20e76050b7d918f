/**
 * A value that is made when somebody first asks for it, and kept. For the schemas of what most
 * requests do not carry: a schema costs a cold start more than all that it will ever check.
 *
 * For patterns of Unicode's properties (`\p{…}`) a function around them is enough: the bundler
 * writes them as a call (lib/bundle/build.ts), and V8 keeps what it compiled.
 */
export const whenNeeded = <Value extends object>(make: () => Value): (() => Value) => {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
};
