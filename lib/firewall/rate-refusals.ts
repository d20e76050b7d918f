import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { Environment } from '../../policy/deployment.ts';
import { type Endpoint, endpointRows, pathsWhere } from '../../policy/endpoints.ts';
import { headerTable } from '../../policy/headers.ts';
import { type AddressLimit, sharedNetworkWindowSeconds } from '../../policy/limits.ts';
import type { PageBrand } from '../../policy/pages.ts';
import { oauthError } from '../oauth-error.ts';
import { staticPage } from '../static-page.ts';
import type { AddressSource } from './address-source.ts';
import { type Counted, isCounted } from './counted.ts';
import type { SharedNetworks } from './shared-networks.ts';
import { allOf, type PathMatcher, type Rule, visibility } from './statements.ts';

export interface RateRulesProps {
  readonly limits: readonly AddressLimit[];
  readonly networks: readonly SharedNetworks[];
  readonly addresses: AddressSource;
  readonly matchesPath: PathMatcher;
  readonly environment: Environment;
}

/**
 * What a rate rule marks a request with that is over its limit. The first part is a namespace, so
 * that one rule refuses all of it.
 */
export const overLimitLabel = (windowSeconds: number, name: string) =>
  `${everyLabel}${isLong(windowSeconds) ? 'long' : 'minute'}:${name}`;

/** The namespace of them all. */
const everyLabel = 'gatehouse:rate:';

const isLong = (windowSeconds: number) => windowSeconds > 60;

/** The refusing rules' names begin with this. */
export const refusalPrefix = 'over-limit-';

/**
 * The refusing rules. Each costs by the month, so there is one for windows of a minute and one for
 * longer ones, one more of each where a limit reaches an endpoint whose errors are JSON-RPC, and a
 * single one for pages: a person reads no Retry-After, so it says the longest.
 */
export const rateRefusals = (props: RateRulesProps): readonly Rule[] => {
  const counted: readonly Counted[] = [
    ...props.limits,
    ...props.networks.map(
      () => ({ name: '', counts: 'everything', perSeconds: sharedNetworkWindowSeconds }) as const,
    ),
  ];
  const rules = [false, true].flatMap((long) => {
    const limits = counted.filter(({ perSeconds }) => isLong(perSeconds) === long);
    if (limits.length === 0) return [];
    const window = longestWindow(limits);
    const label = overLimitLabel(window, '');
    return [
      ...(reaches(limits, 'jsonrpc') ? [refusingRule({ window, label }, 'jsonrpc', props)] : []),
      refusingRule({ window, label }, 'other', props),
    ];
  });
  if (!reaches(counted, 'page')) return rules;
  const longest = { window: longestWindow(counted), label: everyLabel };
  return [refusingRule(longest, 'page', props), ...rules];
};

const longestWindow = (limits: readonly Counted[]): number =>
  Math.max(...limits.map(({ perSeconds }) => perSeconds));

const reaches = (limits: readonly Counted[], shape: Endpoint['errors']): boolean =>
  endpointRows.some((row) => row.errors === shape && limits.some((limit) => isCounted(limit, row)));

type RateBody = 'jsonrpc' | 'page' | 'other';

const refusingRule = (
  { window, label }: { readonly window: number; readonly label: string },
  shape: RateBody,
  { matchesPath, environment }: RateRulesProps,
): Rule => {
  const overLimit = { labelMatchStatement: { scope: 'NAMESPACE', key: label } };
  const name = `${refusalPrefix}${window}${shape === 'other' ? '' : `-${shape}`}`;
  return {
    name,
    action: {
      block: {
        customResponse: {
          responseCode: status,
          customResponseBodyKey: shape,
          // AWS WAF counts over a sliding window: after one whole window without requests the
          // caller is surely under the limit.
          responseHeaders: headers({ ...headerTable(environment), 'retry-after': String(window) }),
        },
      },
    },
    statement:
      shape === 'other'
        ? overLimit
        : allOf([overLimit, matchesPath(pathsWhere(({ errors }) => errors === shape))]),
    visibilityConfig: visibility(name),
  };
};

function json(body: object) {
  return { contentType: 'APPLICATION_JSON', content: JSON.stringify(body) } as const;
}

const headers = (table: Readonly<Record<string, string>>) =>
  Object.entries(table).map(([name, value]) => ({ name, value }));

const status = 429;
const title = 'Too many requests.';

/**
 * ERR-2. `other` is a problem document and an RFC 6749 error in one, since a rule cannot tell the
 * endpoints apart.
 */
export const rateBodies = (brand: PageBrand | undefined) =>
  ({
    jsonrpc: json({ jsonrpc: '2.0', id: null, error: { code: status, message: title } }),
    page: { contentType: 'TEXT_HTML', content: staticPage(status, title, { brand }) },
    other: json({
      type: 'about:blank',
      title,
      status,
      error: oauthError(status),
      error_description: title,
    }),
  }) as const satisfies Record<RateBody, CfnWebACL.CustomResponseBodyProperty>;
