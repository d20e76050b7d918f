import { randomBytes } from 'node:crypto';

/** `{{resolve:secretsmanager:<name or ARN>:SecretString:<key of JSON>:…}}`; a name holds no colon. */
const reference =
  /^\{\{resolve:secretsmanager:(arn:(?:[^:]*:){5}[^:]+|[^:}]+)(?::[^:}]*(?::([^:}]*))?)?/;

/**
 * Values for `{{resolve:secretsmanager:…}}`: one that somebody has given, by the secret's name, and
 * else a random one for each reference.
 */
export class SecretValues {
  readonly #values: Map<string, string>;
  readonly #given: Readonly<Record<string, string>>;

  /**
   * @param kept - values of an earlier run, by their references.
   * @param given - by the secret's name; by `<name>#<key>` where it holds JSON
   */
  constructor(
    kept: Readonly<Record<string, string>> = {},
    given: Readonly<Record<string, string>> = {},
  ) {
    this.#values = new Map(Object.entries(kept));
    this.#given = given;
  }

  /** Those that were made up, for a restart. */
  state(): Record<string, string> {
    return Object.fromEntries(this.#values);
  }

  isMadeUp(value: string): boolean {
    return [...this.#values.values()].includes(value);
  }

  /** @returns undefined for a reference of another kind (SSM): that is refused where it stands. */
  resolve(text: string): string | undefined {
    const [, name, key] = reference.exec(text) ?? [];
    if (name === undefined) return undefined;
    const entry = key ? `${name}#${key}` : name;
    if (Object.hasOwn(this.#given, entry)) return this.#given[entry];
    const known = this.#values.get(text);
    if (known !== undefined) return known;
    const made = randomBytes(24).toString('hex');
    this.#values.set(text, made);
    return made;
  }
}
