import * as z from 'zod';
import { StartupFailure } from '../failure.ts';
import { propertiesOf, type Stack } from '../template/stack.ts';
import type { RestApi } from './rest-api.ts';

/**
 * How a request gets to the stage: by the bare execute-api address, where the path starts with the
 * stage, or by a custom domain, where a base path (none, here) maps to it.
 */
export interface Entry {
  /** What the public URL has before the resource's path: empty, or `/{stage}`. */
  readonly prefix: string;
  /**
   * The path that is routed; undefined when host or path lie outside, and API Gateway answers 403
   * before any resource of ours. That is so for every host name but a computer's and the API's, which
   * also stops DNS rebinding.
   */
  readonly inside: (host: string | undefined, rawPath: string) => string | undefined;
}

const mappingProperties = z.strictObject({
  BasePath: z.literal('', 'must be empty: the local runtime emulates a whole host').optional(),
  DomainName: z.string(),
  RestApiId: z.string(),
  Stage: z.string().optional(),
});

export const readEntry = (stack: Stack, api: RestApi): Entry => {
  const [mapping, ...others] = stack
    .resources('AWS::ApiGateway::BasePathMapping')
    .map((each) => propertiesOf(mappingProperties, each));
  if (others.length > 0)
    throw new StartupFailure(
      'The template maps several base paths; the local runtime emulates one.',
    );
  // With the execute-api address switched off, a custom domain is the only way in, whoever made it.
  return mapping !== undefined || api.executeApiDisabled
    ? domainEntry
    : stageEntry(api, stack.deployment.urlSuffix);
};

const domainEntry: Entry = {
  prefix: '',
  inside: (host, rawPath) => (isLocalHost(host) ? rawPath : undefined),
};

const stageEntry = ({ id, region, stage }: RestApi, urlSuffix: string): Entry => ({
  prefix: `/${stage.name}`,
  inside: (host, rawPath) => {
    if (!isLocalHost(host) && host?.toLowerCase() !== `${id}.execute-api.${region}.${urlSuffix}`)
      return undefined;
    const [, first = '', ...rest] = rawPath.split('/');
    return first === stage.name ? `/${rest.join('/')}` : undefined;
  },
});

/** Names under which a computer is reached. */
export const isLocalHost = (host: string | undefined): boolean =>
  /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i.test(host ?? '');
