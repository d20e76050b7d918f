import { transformSync } from 'esbuild';

/** Jest transform: strips the types, keeps ES modules and line numbers. */
export default {
  process: (source, path) =>
    transformSync(source, {
      loader: 'ts',
      format: 'esm',
      target: 'node24',
      sourcefile: path,
      sourcemap: 'inline',
    }),
};
