import { Tokenization } from 'aws-cdk-lib/core';
import { lambdaQuotas } from '../policy/limits.ts';
import { ConfigurationError } from './configuration.ts';

/** More than any reference of ours becomes: an id (26 characters), a host, a table's name. */
const referenceBytes = 64;

/**
 * Lambda refuses a function whose environment, names and values together, is over 4 KB, and
 * nothing before the deployment would say so.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const checkEnvironment = (
  name: string,
  variables: Readonly<Record<string, string>>,
): void => {
  const bytes = Object.entries(variables)
    .map(([key, value]) => Buffer.byteLength(key) + bytesOf(value))
    .reduce((sum, each) => sum + each, 0);
  if (bytes <= lambdaQuotas.environmentBytes) return;
  const [[longest] = []] = Object.entries(variables).sort(
    ([, a], [, b]) => bytesOf(b) - bytesOf(a),
  );
  throw new ConfigurationError(
    `The environment of the function ${name} would be ${bytes} bytes, and Lambda takes ${lambdaQuotas.environmentBytes}. The longest variable is ${longest}.`,
  );
};

/** The text's own bytes, and the most that each reference in it becomes. */
const bytesOf = (value: string): number => {
  const { tokens } = Tokenization.reverseString(value);
  const literals = tokens.reduce<string>(
    (text, token) => text.replace(token.toString(), ''),
    value,
  );
  return Buffer.byteLength(literals) + tokens.length * referenceBytes;
};
