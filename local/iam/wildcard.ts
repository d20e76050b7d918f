/**
 * AWS's wildcards, of IAM and CloudFront alike: `*` is any text, slashes and colons too, `?` any
 * one character.
 */
export const matchesWildcard = (pattern: string, text: string): boolean => {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
};
