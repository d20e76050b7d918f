import { type Gatehouse, startGatehouse } from '../../local/runtime.ts';
import { liveAlias } from '../../policy/deployment.ts';
import { functionNames, isHttpFunction } from '../../policy/functions.ts';
import { loginSteps } from './runtime/login-steps.ts';
import { mcpCaller } from './runtime/mcp-calls.ts';
import { sender } from './runtime/send.ts';

// With a canary API Gateway invokes functions by their aliases, and so the versions in service; what
// Cognito and CloudWatch Logs invoke has no requests that could be shifted.
describe('a deployment with a canary', () => {
  let gatehouse: Gatehouse;
  beforeAll(async () => {
    gatehouse = await startGatehouse({
      configuration: { deployment: { canary: '10% for 5 minutes' } },
    });
  });
  afterAll(() => gatehouse?.stop());

  it('integrates aliases alone', () => {
    const { stack } = gatehouse;
    const aliases = stack.resources('AWS::Lambda::Alias');
    expect(aliases.map(({ properties }) => properties['Name'])).toEqual(
      functionNames.filter(isHttpFunction).map(() => liveAlias),
    );
    const invoked = [
      ...stack
        .resources('AWS::ApiGateway::Authorizer')
        .map(({ properties }) => properties['AuthorizerUri']),
      ...stack
        .resources('AWS::ApiGateway::Method')
        .map(({ properties }) => Object(properties['Integration']).Uri)
        .filter((uri) => uri !== undefined),
    ].map(String);
    expect(invoked.length).toBeGreaterThan(10);
    expect(invoked.filter((uri) => !uri.includes(`:${liveAlias}/`))).toEqual([]);
  });

  it('lets a person log in and call, with what Cognito and the trail ask of functions', async () => {
    const { clientId, tokens, prefix } = loginSteps(gatehouse);
    const { access } = await tokens(await clientId());
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'whoami', arguments: {} },
    });
    const called = await mcpCaller(gatehouse)({ token: access, body });
    expect([called.status, JSON.parse(called.body)]).toMatchObject([
      200,
      { result: { structuredContent: { email: gatehouse.users[0]?.email } } },
    ]);
    expect((await mcpCaller(gatehouse)()).status).toBe(401);
    expect((await sender(gatehouse.port)({ path: `${prefix}/health` })).status).toBe(200);
    const invoked = new Set(gatehouse.invocations.map(({ functionName }) => functionName));
    for (const name of ['authorizer', 'mcp', 'token', 'authorization', 'pre-token-generation'])
      expect([...invoked]).toContain(gatehouse.functions.get(name)?.name);
    const call = () =>
      gatehouse.logs.find(
        ({ source, line }) => source === 'audit-trail' && JSON.parse(line).trail === 'call',
      );
    while (call() === undefined) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(JSON.parse(call()?.line ?? '')).toMatchObject({ definition: 'whoami', outcome: 'ok' });
  });
});
