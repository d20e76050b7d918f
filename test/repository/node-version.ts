/** What refuses an old Node in one line; its own syntax is old enough for any. */
const guard = 'node bin/require-node-24.cjs';

/** Programs that run on any Node, or on none. */
const anyNode = /^biome /;

/**
 * Scripts of package.json that an old Node reaches before something refuses it: it would answer
 * with a stack about an extension that it does not know.
 */
export const unguardedScripts = (scripts: Readonly<Record<string, string>>): readonly string[] => {
  const isGuarded = (name: string): boolean => {
    const [first = ''] = [scripts[`pre${name}`] ?? scripts[name]];
    const [, called] = /^npm run (?:--silent )?([\w:-]+)/.exec(first) ?? [];
    return (
      first.startsWith(guard) ||
      anyNode.test(first) ||
      (called !== undefined && called in scripts && isGuarded(called))
    );
  };
  return Object.keys(scripts).filter((name) => !isGuarded(name));
};
