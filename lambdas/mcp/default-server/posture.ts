import {
  allowedOrigins,
  corsExposedHeaders,
  corsMethods,
  corsRequestHeaders,
} from '../../../policy/cors.ts';
import { contentSecurityPolicy, securityHeaders } from '../../../policy/headers.ts';
import { sizes, type UserLimits, userLimits } from '../../../policy/limits.ts';
import { mcpMethods, protocolVersions } from '../../../policy/mcp-methods.ts';
import { securityEvents } from '../../../policy/security-events.ts';
import { fields } from '../../configuration/fields.ts';
import { jsonFields } from '../../configuration/json-fields.ts';
import type { Variable } from '../../configuration/read.ts';
import { deployedScopes } from '../../configuration/scopes.ts';
import { deployedPolicy } from './deployed-policy.ts';

/** The build imports this too, and what it knows of a deployment may be no value yet. */
const inForce = <Value>(read: Variable<Value>, name: string, otherwise: Value): Value => {
  try {
    return read(process.env[name]);
  } catch {
    return otherwise;
  }
};

/** Everybody's alone: names of groups and tools are not for everybody (AUTH-12). */
const limitsInForce = () => {
  const { perMinute, perHour } = inForce<Pick<UserLimits, 'perMinute' | 'perHour'>>(
    jsonFields.USER_LIMITS,
    'USER_LIMITS',
    userLimits,
  );
  return { perMinute, perHour };
};

const originsInForce = (): readonly string[] =>
  inForce(fields.ALLOWED_ORIGINS, 'ALLOWED_ORIGINS', allowedOrigins.production);

/**
 * The policy in force, by section. Nothing here is confidential: it is what callers may expect to
 * be held to.
 */
export const posture = {
  protocol: { versions: protocolVersions, methods: mcpMethods },
  scopes: deployedScopes,
  clients: deployedPolicy.clients,
  limits: {
    perAddress: deployedPolicy.addressLimits,
    perUser: limitsInForce(),
    methodThrottles: deployedPolicy.methodThrottles,
  },
  sizes,
  lifetimes: deployedPolicy.lifetimes,
  headers: { ...securityHeaders, 'content-security-policy': contentSecurityPolicy.production },
  origins: {
    allowed: originsInForce(),
    methods: corsMethods,
    requestHeaders: corsRequestHeaders,
    exposedHeaders: corsExposedHeaders,
  },
  securityEvents,
} as const;

export type PostureSection = keyof typeof posture;

const names = Object.keys(posture);

export const isPostureSection = (name: string): name is PostureSection => names.includes(name);

/** Sections that begin with what was typed so far. */
export const postureSections = (typed = ''): string[] =>
  names.filter((name) => name.startsWith(typed));
