/**
 * For definitions in JavaScript, where nothing else says it before the first call.
 * @throws TypeError
 */
export const requireFunction = (member: string, value: unknown): void => {
  if (typeof value === 'function') return;
  throw new TypeError(`${member} is ${value === undefined ? 'missing' : 'not a function'}`);
};
