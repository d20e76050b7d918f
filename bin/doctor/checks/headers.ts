import { endpoints } from '../../../policy/endpoints.ts';
import { contentSecurityPolicy, removedHeaders, securityHeaders } from '../../../policy/headers.ts';
import { type Check, expectThat, type Faults, type Target } from '../check.ts';
import type { Request, Response } from '../send.ts';

interface Visit {
  readonly what: string;
  readonly request: Request;
  /** Pages have a stricter policy of their own; documents may be cached. */
  readonly differs?: 'page' | 'document';
}

const form = { 'content-type': 'application/x-www-form-urlencoded' };

const visits = (issuer: string): readonly Visit[] => [
  {
    what: 'a discovery document',
    request: { url: `${issuer}${endpoints['authorization-server'].path}` },
    differs: 'document',
  },
  { what: 'the health check', request: { url: `${issuer}${endpoints.health.path}` } },
  {
    what: 'a refusal by the gateway',
    request: { method: 'POST', url: `${issuer}${endpoints.mcp.path}` },
  },
  { what: 'a path that does not exist', request: { url: `${issuer}/nothing` } },
  {
    what: 'an OAuth error',
    request: {
      method: 'POST',
      url: `${issuer}${endpoints.token.path}`,
      headers: form,
      body: 'a=b',
    },
  },
  {
    what: 'an error page',
    request: { url: `${issuer}${endpoints.authorize.path}` },
    differs: 'page',
  },
];

const policies: readonly string[] = Object.values(contentSecurityPolicy);

/** A page shows nothing from elsewhere and stands in no frame. */
export const pagePolicy = (policy: string): boolean =>
  policy.startsWith("default-src 'none'") && policy.includes("frame-ancestors 'none'");

const faultsOf = ({ what, differs }: Visit, { headers }: Response): Faults => {
  const policy = headers.get('content-security-policy') ?? '';
  const policyHolds = differs === 'page' ? pagePolicy(policy) : policies.includes(policy);
  return [
    ...Object.entries(securityHeaders)
      .filter(([name]) => name !== 'cache-control' || differs !== 'document')
      .flatMap(([name, value]) =>
        expectThat(
          headers.get(name) === value,
          `${what}: ${name} is ${headers.get(name) ?? 'absent'}, not ${value}.`,
        ),
      ),
    ...expectThat(policyHolds, `${what}: content-security-policy is ${policy || 'absent'}.`),
    ...removedHeaders.flatMap((name) =>
      expectThat(!headers.has(name), `${what}: ${name} is sent (${headers.get(name)}).`),
    ),
  ];
};

const mcpVisits = ({ mcpUrl, token = '' }: Target): readonly Visit[] => {
  const post = (body: string) => ({
    method: 'POST',
    url: mcpUrl,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body,
  });
  return [
    { what: 'a result', request: post('{"jsonrpc":"2.0","id":1,"method":"ping"}') },
    { what: 'an unknown method', request: post('{"jsonrpc":"2.0","id":1,"method":"nothing"}') },
    { what: 'malformed JSON', request: post('{"jsonrpc":') },
  ];
};

export const headers: readonly Check[] = [
  {
    id: 'headers-with-token',
    title: 'What /mcp answers to a logged-in client carries the table of security headers, too',
    controls: [],
    fix: 'The function "mcp" sends it by its middleware, in results, errors and streams alike.',
    needs: 'token',
    run: async (target) => {
      const faults: string[] = [];
      for (const visit of mcpVisits(target))
        faults.push(...faultsOf(visit, await target.send(visit.request)));
      return faults;
    },
  },
  {
    id: 'security-headers',
    title: 'Successes, errors, pages and refusals carry the table of security headers',
    controls: [],
    fix: 'Functions send it by their middleware, the gateway by its gateway responses: a stage that was not deployed anew sends the old ones.',
    run: async ({ issuer, send }) => {
      const faults: string[] = [];
      for (const visit of visits(issuer))
        faults.push(...faultsOf(visit, await send(visit.request)));
      return faults;
    },
  },
  {
    id: 'no-internals',
    title: 'Errors tell nothing of the inside',
    controls: ['ERR-1'],
    fix: 'An error reached the caller without being rendered: look for the request id in the log.',
    run: async ({ issuer, send }) => {
      const internals = /\n\s+at |node_modules|arn:aws|\/var\/task|ZodError|TypeError|SyntaxError/;
      const open = {
        'The health check': endpoints.health.path,
        'A path that nobody has': '/nothing',
      };
      const bodies = { 'malformed JSON': '{"a":', 'a wrong type': '{"redirect_uris":{"a":1}}' };
      const faults: string[] = [];
      for (const [what, path] of Object.entries(open)) {
        const { body } = await send({ url: `${issuer}${path}` });
        faults.push(...expectThat(!internals.test(body), `${what} shows internals.`));
      }
      for (const [what, body] of Object.entries(bodies)) {
        const response = await send({
          method: 'POST',
          url: `${issuer}${endpoints.register.path}`,
          headers: { 'content-type': 'application/json' },
          body,
        });
        faults.push(
          ...expectThat(
            response.status >= 400 && response.status < 500,
            `${what} is answered ${response.status}, not by a refusal.`,
          ),
          ...expectThat(!internals.test(response.body), `${what}: the response shows internals.`),
        );
      }
      return faults;
    },
  },
];
