import { Routes } from '../../../local/gateway/routes.ts';

const routes = new Routes(
  [
    ['GET', '/'],
    ['POST', '/mcp'],
    ['GET', '/mcp'],
    ['ANY', '/items/{id}'],
    ['GET', '/items/special'],
    ['GET', '/.well-known/{proxy+}'],
    ['GET', '/.well-known/openid-configuration'],
  ].map(([httpMethod = '', resourcePath = '']) => ({ httpMethod, resourcePath })),
);

describe('routing', () => {
  it.each([
    ['GET', '/', '/', {}],
    ['POST', '/mcp', '/mcp', {}],
    ['POST', '/mcp/', '/mcp', {}],
    ['POST', '/%6dcp', '/mcp', {}],
    ['DELETE', '/items/a%2Fb', '/items/{id}', { id: 'a/b' }],
    ['GET', '/items/special', '/items/special', {}],
    ['GET', '/.well-known/openid-configuration', '/.well-known/openid-configuration', {}],
    [
      'GET',
      '/.well-known/oauth-protected-resource/mcp',
      '/.well-known/{proxy+}',
      { proxy: 'oauth-protected-resource/mcp' },
    ],
  ])('%s %s goes to %s', (method, path, resourcePath, pathParameters) => {
    expect(routes.find(method, path)).toEqual({
      method: expect.objectContaining({ resourcePath }),
      pathParameters,
    });
  });

  it.each([
    ['PUT', '/mcp'],
    ['POST', '/MCP'],
    ['POST', '/mcp/x'],
    ['POST', '//mcp'],
    ['GET', '/.well-known'],
    ['GET', '/items'],
    ['GET', '/items/'],
    ['DELETE', '/items/special'],
    ['OPTIONS', '*'],
  ])('%s %s goes nowhere', (method, path) => {
    expect(routes.find(method, path)).toBeUndefined();
  });

  it('refuses a path that is not validly encoded', () => {
    expect(() => routes.find('GET', '/%zz')).toThrow(URIError);
  });
});
