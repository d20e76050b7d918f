/**
 * Reads one variable.
 * @throws Error that says what it must be, in words that follow the variable's name
 */
export type Variable<Value> = (text: string | undefined) => Value;

type Variables = Readonly<Record<string, Variable<unknown>>>;

/** What those variables say, by their names; those that may be absent are optional members. */
export type Settings<Of extends Variables> = {
  readonly [Name in keyof Of as undefined extends ReturnType<Of[Name]> ? never : Name]: ReturnType<
    Of[Name]
  >;
} & {
  readonly [Name in keyof Of as undefined extends ReturnType<Of[Name]> ? Name : never]?: ReturnType<
    Of[Name]
  >;
};

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
export const readConfiguration = <Of extends Variables>(
  variables: Of,
  environment: Readonly<Record<string, string | undefined>>,
): Settings<Of> => {
  const read: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const [name, variable] of Object.entries(variables)) {
    try {
      read[name] = variable(environment[name]);
    } catch (error) {
      faults.push(`${name} ${error instanceof Error ? error.message : 'is malformed'}`);
    }
  }
  if (isComplete(read, variables)) {
    faults.push(...contradictions(read));
    if (faults.length === 0) return read;
  }
  throw new ConfigurationError(`Configuration: ${faults.join('; ')}`);
};

/** Each variable was read; the compiler cannot follow a record that a loop fills. */
const isComplete = <Of extends Variables>(
  read: Readonly<Record<string, unknown>>,
  variables: Of,
): read is Settings<Of> & CrossChecked =>
  Object.keys(variables).every((name) => Object.hasOwn(read, name));
