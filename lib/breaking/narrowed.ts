import * as z from 'zod';

const audience = z.union([z.literal('everybody'), z.array(z.string())]);
const audiences = z.record(z.string(), audience);

/** What a template says of who may use what, people and machines. */
export const access = z.object({
  /** By kind (`tools`), then by what a request names. */
  access: z.record(z.string(), audiences).default({}),
  machines: z
    .array(
      z.looseObject({
        name: z.string(),
        scopes: z.array(z.string()),
        groups: z.array(z.string()),
      }),
    )
    .default([]),
});

export type PublishedAccess = z.infer<typeof access>;

/**
 * What fewer people or machines may do after a deployment. It is a decision, and breaks no
 * connection: whoever decides should only see it.
 */
export const narrowed = (before: PublishedAccess, now: PublishedAccess): readonly string[] => [
  ...Object.entries(before.access).flatMap(([kind, definitions]) =>
    Object.entries(definitions).flatMap(([name, was]) =>
      lostUse(`${kind}: ${name}`, was, now.access[kind]?.[name]),
    ),
  ),
  ...before.machines.flatMap(({ name, scopes, groups }) => {
    // One that is gone is an app client that is gone, which is refused (compare.ts).
    const machine = now.machines.find((each) => each.name === name);
    if (machine === undefined) return [];
    return [
      ...lost(`machines: ${name} loses the scope`, scopes, machine.scopes),
      ...lost(`machines: ${name} loses the group`, groups, machine.groups),
    ];
  }),
];

type Audience = z.infer<typeof audience>;

const lostUse = (what: string, was: Audience, now: Audience | undefined): readonly string[] => {
  if (now === undefined) return [`${what} is gone`];
  if (now === 'everybody') return [];
  if (was === 'everybody') return [`${what} is for ${now.join(', ')} alone, and was for everybody`];
  return lost(`${what} is no longer for`, was, now);
};

const lost = (words: string, was: readonly string[], now: readonly string[]): readonly string[] =>
  was.filter((each) => !now.includes(each)).map((each) => `${words} ${each}`);
