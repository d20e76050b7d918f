/** The name under which a test file's global object holds the `require` of its worker. */
export const loader = 'gatehouse.shared-modules';

/**
 * Jest transform for modules that a worker loads once, outside of the tests: what they export is the
 * same for all its files. Jest evaluates every other module anew for each file, which for the CDK is
 * a second and 100 MB.
 */
export default {
  process: (_source, path) => ({
    code: `module.exports = globalThis[Symbol.for(${JSON.stringify(loader)})](${JSON.stringify(path)});`,
  }),
};
