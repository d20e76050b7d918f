import type { Answer } from '../middleware/secured.ts';

/** A URL with parameters added; what is undefined is left out. */
export const withParameters = (uri: string, parameters: Readonly<Record<string, string | undefined>>): string => {
  const url = new URL(uri);
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.append(name, value);
  return url.href;
};

export const redirectTo = (
  uri: string,
  parameters: Readonly<Record<string, string | undefined>>,
  cookies: readonly string[] = [],
): Answer => ({ statusCode: 302, headers: { location: withParameters(uri, parameters) }, cookies, body: '' });
