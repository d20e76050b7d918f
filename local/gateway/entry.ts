import * as z from 'zod';
import { StartupFailure } from '../failure.ts';
import { readProperties, type Stack } from '../template/stack.ts';
import type { RestApi } from './rest-api.ts';

/**
 * How a request gets to the stage: by the bare execute-api address, where the path starts with the stage, or by a custom domain,
 * where a base path (none, here) maps to it.
 */
export interface Entry {
  readonly mode: 'stage' | 'domain';
  /** What the public URL has before the resource's path: empty, or `/{stage}`. */
  readonly prefix: string;
  /** The path that is routed; undefined when it lies outside and API Gateway answers 403 before any resource of ours. */
  readonly inside: (rawPath: string) => string | undefined;
}

const mappingProperties = z.strictObject({
  BasePath: z.literal('', 'must be empty: the laptop runtime plays a whole host').optional(),
  DomainName: z.string(),
  RestApiId: z.string(),
  Stage: z.string().optional(),
});

export const readEntry = (stack: Stack, api: RestApi): Entry => {
  const [mapping, ...others] = stack.resources('AWS::ApiGateway::BasePathMapping').map((each) => readProperties(mappingProperties, each));
  if (others.length > 0) throw new StartupFailure('The template maps several base paths; the laptop plays one.');
  // With the execute-api address switched off, a custom domain is the only way in, whoever made it.
  return mapping !== undefined || api.executeApiDisabled ? domainEntry : stageEntry(api.stage.name);
};

const domainEntry: Entry = { mode: 'domain', prefix: '', inside: (rawPath) => rawPath };

const stageEntry = (stage: string): Entry => ({
  mode: 'stage',
  prefix: `/${stage}`,
  inside: (rawPath) => {
    const [, first = '', ...rest] = rawPath.split('/');
    return first === stage ? `/${rest.join('/')}` : undefined;
  },
});

/** Names under which a laptop is reached. Any other `Host` gets API Gateway's 403 for a name that it does not know, which also stops DNS rebinding. */
export const isKnownHost = (host: string | undefined): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i.test(host ?? '');
