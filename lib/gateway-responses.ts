import { CfnGatewayResponse, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { corsExposedHeaders } from '../policy/cors.ts';
import type { Environment } from '../policy/deployment.ts';
import { endpoints } from '../policy/endpoints.ts';
import {
  type GatewayResponseRow,
  type GatewayResponseType,
  gatewayResponses,
} from '../policy/gateway-responses.ts';
import { headerTable } from '../policy/headers.ts';
import type { PageBrand } from '../policy/pages.ts';
import { oauthError } from './oauth-error.ts';
import type { PublicUrl } from './public-url.ts';
import { plainPage, staticPage } from './static-page.ts';

export interface GatewayResponsesProps {
  readonly api: RestApi;
  readonly environment: Environment;
  readonly url: PublicUrl;
  readonly brand: PageBrand | undefined;
}

/**
 * What API Gateway answers without any function of ours: every type it knows, each with the whole
 * header table (F, ERR-2).
 */
export class GatewayResponses extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { api, environment, url, brand }: GatewayResponsesProps,
  ) {
    super(scope, id);
    for (const [type, row] of rows()) {
      const parameters = {
        ...statics({ ...headerTable(environment), ...challenge(row, url), ...retryAfter(row) }),
        ...cors(type),
      };
      const templates = bodies(type, row, { url, brand });
      const response = new CfnGatewayResponse(this, type, {
        restApiId: api.restApiId,
        responseType: type,
        statusCode: String(row.status),
        responseParameters: parameters,
        responseTemplates: templates,
      });
      api.latestDeployment?.node.addDependency(response);
      // Gateway responses reach a stage only with a new deployment.
      api.latestDeployment?.addToLogicalId({ type, parameters: { ...parameters }, templates, row });
    }
  }
}

const rows = () => Object.entries<GatewayResponseRow>(gatewayResponses).filter(isRow);

const isRow = (
  entry: [string, GatewayResponseRow],
): entry is [GatewayResponseType, GatewayResponseRow] => entry[0] in gatewayResponses;

/** Static text stands between single quotes; those inside it (a CSP's) are part of the text. */
const statics = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      `gatewayresponse.header.${name}`,
      `'${value}'`,
    ]),
  );

const challenge = ({ challenge }: GatewayResponseRow, url: PublicUrl): Record<string, string> => {
  const values = { token: url.tokenChallenge, scope: url.scopeChallenge };
  return challenge === undefined ? {} : { 'www-authenticate': values[challenge] };
};

const retryAfter = ({ retryAfterSeconds }: GatewayResponseRow): Record<string, string> =>
  retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };

/**
 * Only UNAUTHORIZED may name the caller's origin (CORS-6). It is no reflection: that answer exists
 * only where the authorizer has compared the origin with the list already (a foreign one got
 * ACCESS_DENIED), whereas any other type can precede it.
 */
const cors = (type: GatewayResponseType): Record<string, string> =>
  type === 'UNAUTHORIZED'
    ? {
        'gatewayresponse.header.access-control-allow-origin': 'method.request.header.origin',
        'gatewayresponse.header.access-control-expose-headers': `'${corsExposedHeaders.join(', ')}'`,
        'gatewayresponse.header.vary': "'Origin'",
      }
    : {};

const requestId = '$context.requestId';

/** By media type: API Gateway chooses one by the request's `Accept` (ERR-2). */
const bodies = (
  type: GatewayResponseType,
  row: GatewayResponseRow,
  { url, brand }: Pick<GatewayResponsesProps, 'url' | 'brand'>,
): Readonly<Record<string, string>> =>
  row.shape === 'jsonrpc'
    ? {
        'application/json': JSON.stringify(jsonRpc(type, row)),
        // A person who opens the server's own address: no client says that it accepts HTML.
        ...(type === 'UNAUTHORIZED' && { 'text/html': forPeople(url, brand) }),
      }
    : {
        'application/json': JSON.stringify(problem(row)),
        'text/html': staticPage(row.status, row.title, { requestId, brand }),
      };

const forPeople = ({ issuer }: PublicUrl, brand: PageBrand | undefined): string =>
  plainPage(
    'This is the address of an MCP server',
    [
      'AI apps connect to it; a browser cannot.',
      `<a href="${issuer}${endpoints.connect.path}">How to connect yours</a>`,
    ],
    brand,
  );

const jsonRpc = (type: GatewayResponseType, row: GatewayResponseRow) => ({
  jsonrpc: '2.0',
  id: null,
  error: {
    code: row.jsonRpc ?? row.status,
    // The authorizer says why it denied, in words of its own that hold no quote (AUTH-8: what scope
    // was missing).
    message: type === 'ACCESS_DENIED' ? '$context.authorizer.message' : row.title,
    data: { requestId },
  },
});

/**
 * A problem document and an RFC 6749 error in one: a template cannot tell the endpoints apart, and
 * the members of one mean nothing in the other.
 */
const problem = ({ status, title }: GatewayResponseRow) => ({
  type: 'about:blank',
  title,
  status,
  error: oauthError(status),
  error_description: title,
  requestId,
});
