/**
 * Groups of people, which decide who may use what (AUTH-12). A name has no control character and no
 * space but single ones within it: groups of the user pool have none, those of a company's provider
 * may. A function, as all patterns of Unicode's properties that a Lambda function has: see
 * `lambdas/http/when-needed.ts`.
 */
export const groupName = () => /^(?=.{1,128}$)[^\p{C}\p{Z}]+(?: [^\p{C}\p{Z}]+)*$/u;

export const groupNameWords =
  'is not the name of a group: 1 to 128 characters, no spaces at its ends';
