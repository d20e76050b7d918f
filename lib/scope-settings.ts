import * as z from 'zod';
import {
  ignoredScopes,
  ownScopes,
  resourceServer,
  type ScopeDefinition,
  scopes,
} from '../policy/scopes.ts';

const name = z
  .string()
  .regex(
    ownScopes.name,
    `is not a name like orders.write: up to ${ownScopes.nameCharacters} lower-case letters, digits, dashes and dots`,
  )
  .refine(
    (given) =>
      !ownScopes.reserved.test(given) && !ignoredScopes.some((ignored) => ignored === given),
    'is reserved: tools.read and tools.call are there already, OpenID Connect and AWS have names of their own',
  );

const scope = z.strictObject({
  words: z
    .string()
    .regex(
      ownScopes.words(),
      `is not a line of up to ${ownScopes.wordsCharacters} characters, as people read it on the consent page`,
    ),
  implies: z.array(z.string()).default([]),
});

const known = (given: Readonly<Record<string, unknown>>): readonly string[] => [
  ...Object.keys(given),
  ...Object.keys(scopes).map((full) => full.slice(resourceServer.length + 1)),
];

/** Scopes of one's own, by their short names. */
export const scopeSettings = z
  .record(name, scope)
  .refine(
    (given) => Object.keys(given).length <= ownScopes.most,
    `are more than ${ownScopes.most}: a challenge names them all, in one header`,
  )
  .superRefine((given, context) => {
    for (const [key, { implies }] of Object.entries(given))
      for (const implied of implies)
        if (implied === key || !known(given).includes(implied))
          context.addIssue({
            code: 'custom',
            path: [key, 'implies'],
            message: `names ${implied}, which is ${implied === key ? 'the scope itself' : `none of ${known(given).join(', ')}`}`,
          });
  })
  .default({});

const fullName = (short: string): string => `${resourceServer}/${short}`;

/**
 * As tokens and tools name them: `gatehouse/orders.write`. Each comes with the base scope, without
 * which nothing can be called.
 */
export const ownScopeDefinitions = (
  settings: z.infer<typeof scopeSettings>,
): Readonly<Record<string, ScopeDefinition>> =>
  Object.fromEntries(
    Object.entries(settings).map(([short, { words, implies }]) => [
      fullName(short),
      { words, implies: [...new Set(['tools.read', ...implies])].map(fullName) },
    ]),
  );
