import { randomBytes } from 'node:crypto';

/**
 * Values for `{{resolve:secretsmanager:…}}`: random at every start, one for each reference. None is
 * ever written anywhere.
 */
export class SecretValues {
  readonly #values = new Map<string, string>();

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
