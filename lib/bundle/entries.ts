import { join } from 'node:path';
import { extension, lambdas } from './build.ts';
import { type Definitions, serverIn } from './definitions.ts';

const imported = (path: string) => JSON.stringify(join(lambdas, `${path}${extension}`));

/**
 * The two composed entries are described in lambdas/mcp/serve.ts. This one imports each definition
 * when its turn comes, so that one that fails can be named.
 */
export const manifestEntry = (root: string, found: Definitions, rules: object) => {
  const load = (file: string, path: string) => `[${JSON.stringify(file)}, () => import(${path})]`;
  const server = serverIn(root);
  const folders = found.map(
    ({ folder, files }) => `${folder}: [${files.map(({ file, path }) => load(file, path))}]`,
  );
  if (server !== undefined)
    folders.push(`server: [${load(server, JSON.stringify(join(root, server)))}]`);
  return [
    `import { writeManifest } from ${imported('mcp/manifest/write-manifest')};`,
    `await writeManifest(${JSON.stringify(root)}, { ${folders} }, ${JSON.stringify(rules)});`,
  ].join('\n');
};

export const handlerEntry = (
  found: Definitions,
  { catalogue, access }: { readonly catalogue: unknown; readonly access: unknown },
) => {
  const imports = found.flatMap(({ files }) =>
    files.map(({ name, path }) => `import ${name} from ${path};`),
  );
  const argument = found.map(
    ({ folder, files }) => `${folder}: [${files.map(({ name }) => name)}]`,
  );
  return [
    `import { serve } from ${imported('mcp/serve')};`,
    ...imports,
    `export const handler = serve({ ${argument} }, ${JSON.stringify(catalogue)}, ${JSON.stringify(access)});`,
  ].join('\n');
};
