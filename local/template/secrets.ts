import { randomBytes } from 'node:crypto';

/**
 * Values for `{{resolve:secretsmanager:…}}`: random, one for each reference.
 */
export class SecretValues {
  readonly #values: Map<string, string>;

  /** @param kept - values of an earlier run, by their references. */
  constructor(kept: Readonly<Record<string, string>> = {}) {
    this.#values = new Map(Object.entries(kept));
  }

  /** All of them, for a restart. */
  state(): Record<string, string> {
    return Object.fromEntries(this.#values);
  }

  /** @returns undefined for a reference of another kind (SSM): that is refused where it stands. */
  resolve(reference: string): string | undefined {
    if (!reference.startsWith('{{resolve:secretsmanager:')) return undefined;
    const known = this.#values.get(reference);
    if (known !== undefined) return known;
    const made = randomBytes(24).toString('hex');
    this.#values.set(reference, made);
    return made;
  }
}
