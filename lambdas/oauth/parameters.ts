import * as z from 'zod/mini';
import { sizes } from '../../policy/limits.ts';
import { InvalidRequest } from '../errors/errors.ts';
import { text } from '../http/bounded.ts';

export type Parameters = Readonly<Record<string, string>>;

/** One OAuth parameter: printable ASCII (RFC 6749 appendix A). */
export const parameter = text(sizes.oauthParameterCharacters).check(z.regex(/^[ -~]+$/));

/** A parameter without a value counts as left out (RFC 6749 section 3.1). */
export const given = (parameters: Parameters): Parameters =>
  Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== ''));

/**
 * A form body. A parameter sent twice could be one thing to us and another to the next reader
 * (IN-5, RFC 6749 section 3.2); `repeatable` ones are read by `valuesOf`.
 * @throws InvalidRequest
 */
export const formOf = (body: string, repeatable: readonly string[] = []): Parameters => {
  const pairs = [...new URLSearchParams(body)].filter(([name]) => !repeatable.includes(name));
  const form = Object.fromEntries(pairs);
  if (Object.keys(form).length < pairs.length)
    throw new InvalidRequest({ message: 'A parameter was sent more than once.' });
  return given(form);
};

/** Every value of a form's parameter that may be repeated; one without a value is left out. */
export const valuesOf = (body: string, name: string): readonly string[] =>
  new URLSearchParams(body).getAll(name).filter((value) => value !== '');

/** @throws InvalidRequest naming the parameter */
export const parseParameters = <T>(schema: z.ZodMiniType<T>, parameters: Parameters): T => {
  const parsed = schema.safeParse(parameters);
  if (parsed.success) return parsed.data;
  throw new InvalidRequest({
    message: `The parameter ${String(parsed.error.issues[0]?.path[0])} is missing or malformed.`,
  });
};
