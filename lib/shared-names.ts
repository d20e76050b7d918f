import * as z from 'zod';

/** What of a stage takes a name that only one deployment can have. Whatever else it says is unread. */
const taking = z.object({
  domain: z
    .object({
      name: z.string(),
      certificateArn: z.string().optional().catch(undefined),
      hostedZone: z.object({ id: z.string() }).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  identity: z
    .object({ userPool: z.object({ pool: z.string() }).optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

interface Taken {
  readonly name: string;
  readonly fix: string;
}

const takenBy = (stage: unknown): readonly Taken[] => {
  const { domain, identity } = taking.parse(stage);
  const names: Taken[] = [];
  if (domain !== undefined) {
    const host = domain.name.toLowerCase();
    // API Gateway has a name once a region, which is the certificate's.
    const [, , , region = ''] = domain.certificateArn?.split(':') ?? [];
    const fix = 'give each a host of its own, or leave "domain" out of one';
    names.push({ name: `the domain ${host}${region === '' ? '' : ` in ${region}`}`, fix });
    const { hostedZone } = domain;
    if (hostedZone !== undefined)
      names.push({ name: `the DNS record of ${host} in the zone ${hostedZone.id}`, fix });
  }
  const pool = identity?.userPool?.pool;
  if (pool !== undefined)
    names.push({
      name: `the resource server of the user pool ${pool}`,
      fix: 'give each a pool of its own: a pool can serve one deployment only',
    });
  return names;
};

/**
 * What two stages would both take, in a sentence with its fix: the second deployment of them would
 * fail half-way, or take it away from the first.
 * @param stages - by name, as they were written
 */
export const sharedName = (stages: Readonly<Record<string, unknown>>): string | undefined => {
  const owners = new Map<string, string>();
  for (const [stage, configuration] of Object.entries(stages))
    for (const { name, fix } of takenBy(configuration)) {
      const owner = owners.get(name);
      if (owner !== undefined)
        return `the stages "${owner}" and "${stage}" both take ${name}: ${fix}.`;
      owners.set(name, stage);
    }
  return undefined;
};
