import * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';
import { endpoints } from '../../policy/endpoints.ts';
import { accessTokenVerifier, keysOfPool } from '../access-token/verifier.ts';
import { table } from '../aws/table.ts';
import { fields, httpFields, tokenFields } from '../configuration/fields.ts';
import { jsonFields } from '../configuration/json-fields.ts';
import { readConfiguration } from '../configuration/read.ts';
import { streamed } from '../http/streamed.ts';
import { log } from '../logging/log.ts';
import { secured } from '../middleware/secured.ts';
import { userLimiter } from '../user-limit/user-limit.ts';
import { containStrayErrors, endUntrustedInstance } from './execution/stray-errors.ts';
import type { AccessTable } from './manifest/access.ts';
import type { Catalogue } from './manifest/catalogue.ts';
import type { Definitions } from './manifest/definitions.ts';
import { limitedCalls } from './protocol/called-tools.ts';
import { dispatcher } from './protocol/dispatch.ts';

// zod/mini has no texts for its errors by itself, and models correct their arguments by these messages.
z.config(en());

const variables = {
  ...httpFields,
  ...tokenFields,
  TABLE_NAME: fields.TABLE_NAME,
  AWS_REGION: fields.AWS_REGION,
  USER_LIMITS: jsonFields.USER_LIMITS,
  AUDIT_HASH_KEY: fields.AUDIT_HASH_KEY,
  AUDIT_TOOL_METRICS: fields.AUDIT_TOOL_METRICS,
};

/*
 * How the bundle is composed (lib/bundle.ts). The build lists tools/, prompts/ and resources/ (every *.ts, sorted by name),
 * and bundles two entries over esbuild's stdin, with absolute paths:
 *
 * 1. The manifest. Bundled, run once in a child process by plain node, thrown away:
 *
 *      import { writeManifest } from '<root>/lambdas/mcp/manifest/write-manifest.ts';
 *      await writeManifest('<folder>', {
 *        tools: [['whoami.ts', () => import('<folder>/tools/whoami.ts')]],
 *        prompts: [['review-posture.ts', () => import('<folder>/prompts/review-posture.ts')]],
 *        resources: [['policy.ts', () => import('<folder>/resources/policy.ts')]],
 *        server: [['server.ts', () => import('<folder>/server.ts')]],
 *      }, <JSON of the stack's rules of access>);
 *
 *    It says on file descriptor 3 what became of it: a `Manifest` (manifest.ts), with `requiredScopes` (the authorizer's REQUIRED_SCOPES),
 *    `paramHeaders`, `grants` (IAM statements for the mcp role) and `catalogue` (below) and `access`; or a line for
 *    each fault, `tools/whoami.ts: reason`, with which the synthesis fails.
 *
 * 2. The function, with the manifest's catalogue and access as literals:
 *
 *      import { serve } from '<root>/lambdas/mcp/serve.ts';
 *      import t0 from '<root>/lambdas/mcp/default-server/tools/whoami.ts';
 *      …
 *      export const handler = serve({ tools: [t0], prompts: [p0], resources: [r0] }, <JSON of manifest.catalogue>, <JSON of manifest.access>);
 */

/**
 * The `mcp` function's handler: the security stack around the protocol (protocol/), which calls the
 * definitions.
 */
export const serve = (definitions: Definitions, catalogue: Catalogue, access: AccessTable) => {
  const settings = readConfiguration(variables, process.env);
  const limits = settings.USER_LIMITS;
  const functionLog = log({
    service: endpoints.mcp.function,
    environment: settings.ENVIRONMENT,
    sensitive: settings.LOG_SENSITIVE_DATA,
  })({ requestId: 'none', endpoint: endpoints.mcp.path });
  containStrayErrors(process, (cause) =>
    functionLog.error('An error that nobody caught, and of no call', { cause }),
  );
  const keys = keysOfPool(settings);
  const respond = secured(
    {
      endpoint: 'mcp',
      corsRequestHeaders: Object.values(catalogue.paramHeaders).flatMap((headers) =>
        headers.map(({ header }) => header),
      ),
      authenticate: accessTokenVerifier(settings, keys),
      limitUser: userLimiter(
        table({ name: settings.TABLE_NAME, region: settings.AWS_REGION }),
        limits,
      ),
      ...(Object.keys(limits.tools).length > 0 && {
        limitedTools: limitedCalls(limits.tools, access),
      }),
      streams: true,
      settings,
    },
    dispatcher(definitions, catalogue, access, {
      hashKey: settings.AUDIT_HASH_KEY,
      measured: measuredTools(definitions, settings.AUDIT_TOOL_METRICS),
    }),
  );
  return streamed(respond, {
    prepare: () => keys.prepare(new Date()),
    afterResponse: endUntrustedInstance,
  });
};

/** The first tools by name; undefined where there are no metrics. */
const measuredTools = ({ tools }: Definitions, most: number): ReadonlySet<string> | undefined =>
  most === 0 ? undefined : new Set(tools.slice(0, most).map(({ name }) => name));
