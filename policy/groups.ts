/**
 * Groups of people, which decide who may use what (AUTH-12). A name has no control character and no
 * space but single ones within it: groups of the user pool have none, those of a company's provider
 * may.
 */
export const groupName = /^(?=.{1,128}$)[^\p{C}\p{Z}]+(?: [^\p{C}\p{Z}]+)*$/u;

export const groupNameWords =
  'is not the name of a group: 1 to 128 characters, no spaces at its ends';
