import { join } from 'node:path';
import { extension, lambdas } from './build.ts';
import { type Definitions, serverIn } from './definitions.ts';

const imported = (path: string) => JSON.stringify(join(lambdas, `${path}${extension}`));

/** The two composed entries are described in lambdas/mcp/serve.ts. */
export const manifestEntry = (root: string, found: Definitions) => {
  const server = serverIn(root);
  const imports = found.flatMap(({ files }) =>
    files.map(({ name, path }) => `import * as ${name} from ${path};`),
  );
  const argument = found.map(
    ({ folder, files }) =>
      `${folder}: [${files.map(({ file, name }) => `[${JSON.stringify(file)}, ${name}]`)}]`,
  );
  return [
    `import { printManifest } from ${imported('mcp/manifest/print-manifest')};`,
    server === undefined
      ? 'const server = undefined;'
      : `import * as server from ${JSON.stringify(join(root, server))};`,
    ...imports,
    `printManifest({ server, ${argument} });`,
  ].join('\n');
};

export const handlerEntry = (found: Definitions, catalogue: unknown) => {
  const imports = found.flatMap(({ files }) =>
    files.map(({ name, path }) => `import ${name} from ${path};`),
  );
  const argument = found.map(
    ({ folder, files }) => `${folder}: [${files.map(({ name }) => name)}]`,
  );
  return [
    `import { serve } from ${imported('mcp/serve')};`,
    ...imports,
    `export const handler = serve({ ${argument} }, ${JSON.stringify(catalogue)});`,
  ].join('\n');
};
