import type * as z from 'zod/mini';

/**
 * CONF-1: a variable is missing or malformed. Thrown while the module loads, so the function never
 * serves a request like that.
 */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

interface CrossChecked {
  readonly ENVIRONMENT?: string | undefined;
  readonly ALLOWED_ORIGINS?: readonly string[] | undefined;
  readonly LOG_SENSITIVE_DATA?: boolean | undefined;
  readonly COGNITO_REGION?: string | undefined;
  readonly COGNITO_USER_POOL_ID?: string | undefined;
}

/** What no single variable can say about itself. */
const contradictions = (settings: CrossChecked): string[] => [
  // CORS-2: http origins are a developer's.
  ...(settings.ENVIRONMENT === 'production' &&
  settings.ALLOWED_ORIGINS?.some((origin) => origin.startsWith('http:'))
    ? ['ALLOWED_ORIGINS may name http origins on development environments only']
    : []),
  // LOG-2.
  ...(settings.ENVIRONMENT === 'production' && settings.LOG_SENSITIVE_DATA
    ? ['LOG_SENSITIVE_DATA may be true on development environments only']
    : []),
  ...(settings.COGNITO_REGION &&
  settings.COGNITO_USER_POOL_ID?.startsWith(`${settings.COGNITO_REGION}_`) === false
    ? ['COGNITO_USER_POOL_ID must be a pool of COGNITO_REGION']
    : []),
];

/**
 * Reads a function's settings from its environment, once, at init. The message names each variable
 * and what it must be, and never repeats a value.
 *
 * @throws ConfigurationError
 */
export const readConfiguration = <Schema extends z.ZodMiniType<CrossChecked>>(
  schema: Schema,
  environment: Readonly<Record<string, string | undefined>>,
): z.output<Schema> => {
  const result = schema.safeParse(environment);
  if (!result.success) {
    const faults = result.error.issues.map(({ path: [name], message }) => {
      const variable = String(name);
      return environment[variable] === undefined
        ? `${variable} is missing`
        : `${variable} ${message}`;
    });
    throw new ConfigurationError(`Configuration: ${[...new Set(faults)].join('; ')}`);
  }
  const faults = contradictions(result.data);
  if (faults.length > 0) throw new ConfigurationError(`Configuration: ${faults.join('; ')}`);
  return result.data;
};
