import { endpoints, metadataPaths, wellKnown } from '../../../policy/endpoints.ts';
import { type Check, expectStatus, expectThat, type Target } from '../check.ts';
import { jsonMembers, type Response } from '../send.ts';

/** RFC 9728 section 3.1: the path-inserted form needs the host's root, which a bare stage has not. */
const ownsItsHost = ({ issuer }: Target): boolean => new URL(issuer).pathname === '/';

const documentsOf = (target: Target): readonly string[] =>
  metadataPaths.filter(
    (path) => ownsItsHost(target) || path !== endpoints['protected-resource-path-inserted'].path,
  );

const fetched = new WeakMap<Target, Promise<ReadonlyMap<string, Response>>>();

/** Each once: a minute's limit of the documents is spent soon. */
const documentsIn = (target: Target): Promise<ReadonlyMap<string, Response>> => {
  const known = fetched.get(target) ?? fetchDocuments(target);
  fetched.set(target, known);
  return known;
};

const fetchDocuments = async (target: Target): Promise<ReadonlyMap<string, Response>> => {
  const documents = new Map<string, Response>();
  for (const path of documentsOf(target))
    documents.set(path, await target.send({ url: `${target.issuer}${path}` }));
  return documents;
};

export const reachable: Check = {
  id: 'reachable',
  title: 'Something answers there',
  controls: [],
  fix: "Compare the URL with the stack's output McpUrl; a domain of one's own needs its alias record, and a certificate for its name.",
  run: async ({ issuer, send }) => {
    await send({ url: `${issuer}${endpoints.health.path}` });
    return [];
  },
};

export const discovery: readonly Check[] = [
  {
    id: 'discovery-documents',
    title: 'Every discovery document is served as JSON that anybody may cache',
    controls: ['OAUTH-1'],
    fix: 'The documents come from the function "metadata": look at its log, and at the API deployment of the stage.',
    run: async (target) => {
      const faults: string[] = [];
      for (const [path, response] of await documentsIn(target)) {
        faults.push(
          ...expectStatus(`GET ${path}`, response, 200),
          ...expectThat(jsonMembers(response).size > 0, `GET ${path} holds no JSON object.`),
          ...expectThat(
            (response.headers.get('cache-control') ?? '').startsWith('public'),
            `GET ${path} may not be cached: ${response.headers.get('cache-control')}`,
          ),
        );
      }
      return faults;
    },
  },
  {
    id: 'issuer',
    title: 'Issuer, resource and endpoints are the URL that clients connect to, byte for byte',
    controls: ['OAUTH-1', 'OAUTH-2', 'OAUTH-11'],
    fix: 'Clients compare these strings exactly. Give them the stack\'s output McpUrl, and check "urlMode" and "domain" of the configuration.',
    run: async (target) => {
      const { issuer, mcpUrl } = target;
      const documents = new Map(
        Array.from(await documentsIn(target), ([path, response]) => [path, jsonMembers(response)]),
      );
      const server = documents.get(wellKnown.authorizationServer) ?? new Map();
      const resource = documents.get(wellKnown.protectedResource) ?? new Map();
      // A client takes the first one that it finds.
      const others = [...documents].flatMap(([path, document]) => [
        ...expectThat(
          !document.has('issuer') || document.get('issuer') === issuer,
          `${path} names the issuer ${document.get('issuer')}, not ${issuer}.`,
        ),
        ...expectThat(
          !document.has('resource') || document.get('resource') === mcpUrl,
          `${path} names the resource ${document.get('resource')}, not ${mcpUrl}.`,
        ),
      ]);
      const endpointNames = [
        'authorization_endpoint',
        'token_endpoint',
        'registration_endpoint',
        'revocation_endpoint',
      ];
      return [
        ...expectThat(server.has('issuer'), 'The authorization server names no issuer.'),
        ...expectThat(resource.has('resource'), 'The resource does not name itself.'),
        ...others,
        ...expectThat(
          JSON.stringify(resource.get('authorization_servers')) === JSON.stringify([issuer]),
          `The resource names other authorization servers than ${issuer}.`,
        ),
        ...endpointNames.flatMap((name) =>
          expectThat(
            String(server.get(name)).startsWith(`${issuer}/`),
            `${name} is ${server.get(name)}, not below ${issuer}/.`,
          ),
        ),
        ...expectThat(
          JSON.stringify(server.get('code_challenge_methods_supported')) === '["S256"]',
          'PKCE with S256 is not the one code challenge method that is advertised.',
        ),
        ...expectThat(
          server.get('authorization_response_iss_parameter_supported') === true,
          'RFC 9207 (iss in authorization responses) is not advertised.',
        ),
      ];
    },
  },
];
