import * as z from 'zod';
import { toolSecrets } from '../policy/tool-secrets.ts';

/** https://spec.openapis.org/oas/v3.1.0#security-scheme-object */
const scheme = z.looseObject({
  type: z.string(),
  scheme: z.string().optional(),
  in: z.enum(['query', 'header', 'cookie']).optional(),
  name: z.string().optional(),
});

/** How an operation logs in: a secret of the tool, never an argument that a model chooses. */
export interface Credential {
  /** As in `tools: { secrets: { api: secret } }`. */
  readonly secret: string;
  readonly place: 'query' | 'header' | 'cookie';
  /** Of the header, the query parameter or the cookie. */
  readonly name: string;
  /** Source of the value. */
  readonly value: string;
}

export interface Login {
  readonly credentials: readonly Credential[];
  /** Schemes that a person has to write. */
  readonly leftOut: readonly string[];
}

/**
 * The first alternative of `security` that can be written. An empty one means that nobody has to
 * log in.
 * @param security of the operation, or of the document
 * @param schemes `components.securitySchemes`, resolved
 */
export const loginOf = (security: unknown, schemes: Readonly<Record<string, unknown>>): Login => {
  const alternatives = z.array(z.record(z.string(), z.unknown())).catch([]).parse(security);
  const written = alternatives.map((alternative) =>
    Object.keys(alternative).map((name) => ({ name, credential: credentialOf(name, schemes) })),
  );
  const complete = written.find((all) => all.every(({ credential }) => credential !== undefined));
  if (complete !== undefined)
    return { credentials: complete.flatMap(({ credential }) => credential ?? []), leftOut: [] };
  const missing = written.flat().filter(({ credential }) => credential === undefined);
  return { credentials: [], leftOut: missing.map(({ name }) => `the login ${name}`) };
};

const credentialOf = (
  name: string,
  schemes: Readonly<Record<string, unknown>>,
): Credential | undefined => {
  const { data } = scheme.safeParse(Object.hasOwn(schemes, name) ? schemes[name] : undefined);
  const secret = secretName(name);
  const read = `await secret(${JSON.stringify(secret)})`;
  const header = { secret, place: 'header', name: 'authorization' } as const;
  const isBearer = data?.type === 'http' && data.scheme?.toLowerCase() === 'bearer';
  if (isBearer || data?.type === 'oauth2' || data?.type === 'openIdConnect')
    return { ...header, value: `\`Bearer \${${read}}\`` };
  if (data?.type === 'http' && data.scheme?.toLowerCase() === 'basic')
    return { ...header, value: `\`Basic \${Buffer.from(${read}).toString('base64')}\`` };
  if (data?.type === 'apiKey' && data.in !== undefined && /^[\w-]+$/.test(data.name ?? ''))
    return { secret, place: data.in, name: data.name ?? '', value: read };
  return undefined;
};

/** `X-Api-Key` becomes `xApiKey`. */
const secretName = (name: string): string => {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const joined = words
    .map((word, index) =>
      index === 0 ? lowerFirst(word) : `${word.charAt(0).toUpperCase()}${word.slice(1)}`,
    )
    .join('');
  return toolSecrets.name.test(joined) ? joined : 'api';
};

const lowerFirst = (word: string): string => `${word.charAt(0).toLowerCase()}${word.slice(1)}`;
