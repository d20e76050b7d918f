import { matchesWildcard } from '../iam/wildcard.ts';

/**
 * Whether a cache behavior's path pattern matches: `*` is any text, `?` one character, upper and
 * lower case differ.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html#DownloadDistValuesPathPattern
 */
export const matchesPattern = (pattern: string, path: string): boolean =>
  matchesWildcard(pattern.replace(/^\//, ''), path.replace(/^\//, ''));
