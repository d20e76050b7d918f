import type { BodyType, EndpointName } from '../../policy/endpoints.ts';
import type { PageBrand } from '../../policy/pages.ts';
import type { Authenticate } from '../access-token/verifier.ts';
import type { Environment } from '../configuration/fields.ts';
import type { ErrorShape } from '../errors/render-error.ts';
import type { TrailSubjects } from '../logging/trail.ts';
import type { LimitedTools, LimitUser } from '../user-limit/user-limit.ts';

/**
 * What every HTTP function reads from its environment: see `httpFields` in lambdas/configuration.
 */
export interface HttpSettings {
  readonly ENVIRONMENT: Environment;
  readonly ALLOWED_ORIGINS: readonly string[];
  /** RATE-10: absent unless a proxy is declared. */
  readonly TRUSTED_PROXY_HEADER?: string | undefined;
  /** LOG-2: switches the logs' last-line filter off, on development environments. */
  readonly LOG_SENSITIVE_DATA?: boolean | undefined;
  /** LOG-6: absent where no subject is known. */
  readonly AUDIT_SUBJECT?: TrailSubjects | undefined;
}

/** What the stack itself is told. */
export interface StackOptions {
  /** The function's name: `service` of its log lines. */
  readonly service: string;
  readonly errors: ErrorShape;
  /** Whether pages of the listed origins may call it; `same-origin` has no preflight. */
  readonly cors: 'cross-origin' | 'same-origin';
  readonly settings: HttpSettings;
  /**
   * Content types that a body may have, without parameters, and its longest length in bytes. JSON is
   * parsed into `request.json`. @default no body is taken
   */
  readonly bodies?: { readonly types: readonly BodyType[]; readonly bytes: number };
  /**
   * Request headers (beyond policy/cors) that a preflight may ask for: the tools' `Mcp-Param-*`.
   */
  readonly corsRequestHeaders?: readonly string[];
  /**
   * Verifies the caller again behind the authorizer. Foreign origins are refused then (CORS-5), not
   * just left without CORS headers.
   */
  readonly authenticate?: Authenticate;
  /** Needs `authenticate`. */
  readonly limitUser?: LimitUser;
  /** Which calls count against a tool's own limit too. @default no tool has one */
  readonly limitedTools?: LimitedTools;
  /** Whether a body may be a stream: `streamed` of lambdas/http stands around the function. */
  readonly streams?: true;
  /** Whose pages the errors of a `page` endpoint are. @default nobody's */
  readonly brand?: PageBrand | null;
  /** For tests: the clock. */
  readonly clock?: () => Date;
}

/** What a handler says: the rest stands in its row of policy/endpoints. */
export interface SecuredOptions
  extends Omit<StackOptions, 'service' | 'errors' | 'cors' | 'bodies'> {
  /**
   * The row that says how errors look, which bodies are taken, whether pages may call and whether a
   * token is needed. A function of several rows names the one that takes a body.
   */
  readonly endpoint: EndpointName;
}
