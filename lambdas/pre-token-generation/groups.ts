import { groupName } from '../../policy/groups.ts';
import { attributeCharacters } from '../../policy/identity.ts';
import { sizes } from '../../policy/limits.ts';

/**
 * The groups that a company's provider names, of the text that Cognito keeps of them: one value as it
 * is, several as `[one, another]`, each form-encoded where it holds more than letters, digits and
 * `.-*_` ("Mapping IdP attributes to profiles and tokens"); a claim that is JSON, as JSON.
 *
 * All or nothing: a list of which a part cannot be read gives no group, since nobody knows what the
 * rest of it means.
 */
export const groupsOf = (text: string): readonly string[] => {
  if (text.length > attributeCharacters) return [];
  const names = namesIn(text.trim());
  const isGood =
    names.length <= sizes.groupsPerUser && names.every((name) => groupName().test(name));
  return isGood ? [...new Set(names)] : [];
};

const namesIn = (text: string): readonly string[] => {
  if (!text.startsWith('[') || !text.endsWith(']')) return [text];
  const inner = text.slice(1, -1).trim();
  if (inner === '') return [];
  if (inner.startsWith('"')) return jsonNames(text);
  return inner.split(',').map((part) => decoded(part.trim()));
};

const jsonNames = (text: string): readonly string[] => {
  try {
    const names: unknown = JSON.parse(text);
    const isList = Array.isArray(names) && names.every((name) => typeof name === 'string');
    return isList ? names : unreadable;
  } catch {
    return unreadable;
  }
};

/** No name of a group: it is empty. */
const unreadable = [''];

const formEncoded = /^(?:[\w.*+-]|%[\dA-Fa-f]{2})+$/;

/** A name that was not encoded, because it need not be or the provider's claim is not, is as it is. */
const decoded = (part: string): string => {
  if (!formEncoded.test(part)) return part.includes('%') ? '' : part;
  try {
    return decodeURIComponent(part.replaceAll('+', ' '));
  } catch {
    return '';
  }
};
