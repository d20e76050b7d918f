import * as z from 'zod';
import { UserError } from '../lib/user-error.ts';
import type { Credential } from './openapi-login.ts';
import { zodSource } from './openapi-schema.ts';

/** https://spec.openapis.org/oas/v3.1.0#parameter-object, as far as a tool needs it. */
const parameter = z.looseObject({
  name: z.string().regex(/^[A-Za-z_][\w-]{0,63}$/),
  in: z.enum(['path', 'query', 'header', 'cookie']),
  required: z.boolean().default(false),
  description: z.string().optional(),
  explode: z.boolean().optional(),
  schema: z.unknown().optional(),
});
export type Parameter = z.infer<typeof parameter>;

/**
 * Headers that a model must not choose: whom the request is from and for, and how it travels. OAS
 * itself has the first three ignored.
 */
const notChosen =
  /^(accept|content-type|authorization|cookie|cookie2|host|connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|content-length|content-encoding|via|forwarded|origin|referer|proxy-.*|sec-.*|x-forwarded-.*|x-amz.*|x-real-ip|x-http-method.*|x-original-.*|x-rewrite-.*)$/i;

export interface Parameters {
  readonly taken: readonly Parameter[];
  /** Names, as a person reads them. */
  readonly leftOut: readonly string[];
}

/** An operation's own come after its path's, and take their place. */
export const parametersOf = (
  given: readonly unknown[],
  credentials: readonly Credential[],
): Parameters => {
  const named = z.looseObject({ name: z.string(), in: z.string() });
  const last = new Map(
    given.map((each) => {
      const { name, in: place } = named.parse(each);
      return [`${place} ${name}`, { name, place, each }];
    }),
  );
  const all = [...last.values()];
  const isLeftOut = ({ name, place }: { readonly name: string; readonly place: string }) =>
    (place === 'header' && notChosen.test(name)) ||
    credentials.some(
      (each) => each.place === place && each.name.toLowerCase() === name.toLowerCase(),
    );
  const taken = all.filter((each) => !isLeftOut(each)).map(({ each }) => parameter.parse(each));
  const twice = taken.find(({ name }, index) =>
    taken.some((other, before) => before < index && other.name === name),
  );
  if (twice !== undefined)
    throw new UserError(`two parameters are called ${twice.name}, and arguments have one place`);
  const leftOut = all.filter(isLeftOut).map(({ name, place }) => `the ${place} ${name}`);
  return { taken, leftOut };
};

/** A segment of dots would lead to another path than the document's. */
const noDots = 'z.refine((value) => !/^\\.+$/.test(String(value)))';
/** What a header's value may have: no line can be added. */
const inOneLine = 'z.refine((value) => /^[ -~]*$/.test(String(value)))';

/** A member of the tool's input. */
export const memberSource = ({ in: place, required, schema, description }: Parameter): string => {
  if (place === 'path') return zodSource(schema, { description, check: noDots });
  const check = place === 'header' ? { description, check: inOneLine } : { description };
  const source = zodSource(schema, check);
  return required ? source : `z.optional(${source})`;
};

const text = (value: string): string => JSON.stringify(value);

/** The line that sends it; a path's parameter is part of the URL. */
export const sendingSource = ({ in: place, name, schema, explode = true }: Parameter): string => {
  const type = Object(schema).type;
  if (type === 'object' && place !== 'path')
    throw new UserError(`the ${place} ${name} is an object, which has to be written by hand`);
  const value = `input[${text(name)}]`;
  const given = `if (${value} !== undefined)`;
  if (place === 'header') return `${given} headers.set(${text(name)}, String(${value}));`;
  if (place === 'cookie')
    return `${given} cookies.push(${text(`${name}=`)} + encodeURIComponent(String(${value})));`;
  if (type === 'array' && explode)
    return `for (const each of ${value} ?? []) url.searchParams.append(${text(name)}, String(each));`;
  return `${given} url.searchParams.set(${text(name)}, String(${value}));`;
};

export const credentialSource = ({ place, name, value }: Credential): string => {
  if (place === 'query') return `url.searchParams.set(${text(name)}, ${value});`;
  if (place === 'cookie') return `cookies.push(${text(`${name}=`)} + (${value}));`;
  return `headers.set(${text(name)}, ${value});`;
};
