/** Shorter pieces of a secret are found anywhere by chance. */
const leastCharacters = 8;

/**
 * What a base64 of some text looks like wherever the secret stands in that text: its bytes fall on
 * one of three alignments, and the characters at both ends depend on what surrounds it.
 */
const inBase64 = (secret: string): string[] =>
  [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)])
      .toString('base64')
      .replaceAll('=', '');
    const certain = encoded.slice(before === 0 ? 0 : before + 1, -1);
    return [certain, certain.replaceAll('+', '-').replaceAll('/', '_')];
  });

const encodings = (secret: string): string[] => {
  const percent = encodeURIComponent(secret);
  return [
    secret,
    percent,
    encodeURIComponent(percent),
    percent.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    new URLSearchParams({ secret }).toString().slice('secret='.length),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString('hex'),
    ...inBase64(secret),
  ];
};

/** Secrets by name, and a search for each in every encoding that it could hide in. */
export const needles = () => {
  const known = new Map<string, ReadonlySet<string>>();
  return {
    /** Adds a secret; the name says which, since the value must not be shown. */
    add: (name: string, secret: string | undefined): void => {
      if (secret === undefined || secret.length < leastCharacters)
        throw new Error(`${name} is no secret that can be searched for.`);
      known.set(
        `${name} #${known.size}`,
        new Set(encodings(secret).filter((text) => text.length >= leastCharacters)),
      );
    },
    get size() {
      return known.size;
    },
    /**
     * The names of all secrets that a text contains; those whose name begins with one of `except`
     * are not looked for.
     */
    in: (text: string, except: readonly string[] = []): string[] =>
      [...known]
        .filter(
          ([name, forms]) =>
            !except.some((each) => name.startsWith(each)) &&
            [...forms].some((form) => text.includes(form)),
        )
        .map(([name]) => name),
  };
};
