import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import circusRunner from 'jest-circus/runner';
import { importTestFile } from './own-modules.mjs';

const require = createRequire(import.meta.url);

/** The module of jest-circus that holds which tests a file declares and who hears of them. */
const framework = join(dirname(require.resolve('jest-circus/runner')), 'jestAdapterInit.js');

/**
 * Jest's `testRunner`: its own, by which Node itself loads the test files. Jest's loader evaluates
 * each package anew for each file, in a context of its own, which took more time than the tests.
 * What files could leave to each other, environment.mjs puts back.
 */
export default (globalConfig, config, environment, runtime, testPath, sendMessageToJest) => {
  delete require.cache[framework];
  delete globalThis[Symbol.for('EVENT_HANDLERS')];
  // Jest's own looks each frame of each stack up in source maps. There are none, as Node's stripping
  // leaves every line where it was, and the CDK takes the stack of each of a template's resources.
  Error.prepareStackTrace = undefined;
  const native = {
    requireInternalModule: require,
    requireModule: require,
    setGlobalsForRuntime: () => {},
    unstable_shouldLoadAsEsm: () => true,
    unstable_importModule: importTestFile,
    enterTestCode: () => runtime.enterTestCode(),
    leaveTestCode: () => runtime.leaveTestCode(),
  };
  const run = circusRunner.default;
  return run(globalConfig, config, environment, native, testPath, sendMessageToJest);
};
