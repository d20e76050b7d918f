import type { Gatehouse } from './runtime.ts';

interface Welcomed extends Pick<Gatehouse, 'mcpUrl' | 'publicUrl' | 'users' | 'managedGroups' | 'urlMode' | 'stage' | 'origin'> {
  readonly stack: Pick<Gatehouse['stack'], 'outputs'>;
}

/** What stands at that URL, and what does not. */
const modes: Readonly<Record<Gatehouse['urlMode'], (gatehouse: Welcomed) => string>> = {
  domain: () => 'as behind a custom domain.',
  stage: ({ stack }) => stack.outputs['Note'] ?? 'below the stage of a bare API.',
  cloudfront: ({ stage, origin }) =>
    `the distribution stands in front, and its function and cache are played. The stage refuses whoever goes past it:
                  curl -i -H 'Host: ${stage.host}' ${origin}${stage.path}/health     (403)`,
};

/** What somebody needs who has just started it. The first line is for programs that wait for it too. */
export const welcome = (gatehouse: Welcomed): string => {
  const { mcpUrl, publicUrl, users, managedGroups, urlMode } = gatehouse;
  const [user] = users;
  return `Gatehouse is ready: ${mcpUrl}

URL mode ${urlMode}: ${modes[urlMode](gatehouse)}

Connect
  Claude Code     claude mcp add --transport http gatehouse ${mcpUrl}     (then /mcp to log in)
  MCP Inspector   npx @modelcontextprotocol/inspector     (transport: Streamable HTTP, URL: ${mcpUrl})
  curl            curl -i -X POST ${mcpUrl}     (401, and where to log in)
                  curl ${publicUrl}/health
Log in as
  ${user?.email}   password: ${user?.password}

What a laptop can't prove (docs/first-deploy.md says how to see it on AWS)
  - AWS WAF and usage plans count approximately; here they count exactly.
  - AWS's managed rule groups are not public, so they are not played: ${managedGroups.join(', ') || 'none'}.
  - CloudFront keeps some errors for ten seconds and compresses; the login pages' own web ACL is not played.
  - Cognito and DynamoDB are stand-ins; IAM, TLS, certificates and names are not played at all.

Log lines of the functions follow. Ctrl-C stops everything.`;
};

/** The same for programs, on one line. */
export const welcomeJson = ({ mcpUrl, publicUrl, port, users }: Pick<Gatehouse, 'mcpUrl' | 'publicUrl' | 'port' | 'users'>): string =>
  JSON.stringify({ ready: true, mcpUrl, publicUrl, port, users });
