import { aMethod, anApi, anAuthorizer, invoking, serve, stopAll } from '../gateway/an-api.ts';

afterAll(stopAll);

const respond = `export const handler = async () => ({ statusCode: 200, body: 'the function' });`;

const aVersion = {
  Type: 'AWS::Lambda::Version',
  Properties: { FunctionName: { Ref: 'Answer' } },
};

const anAlias = (version: unknown, more: Record<string, unknown> = {}) => ({
  Type: 'AWS::Lambda::Alias',
  // Of a canary; nothing is updated here.
  UpdatePolicy: { CodeDeployLambdaAliasUpdate: { ApplicationName: 'a', DeploymentGroupName: 'b' } },
  Properties: {
    FunctionName: { Ref: 'Answer' },
    FunctionVersion: version,
    Name: 'live',
    ...more,
  },
});

const published = { 'Fn::GetAtt': ['Version', 'Version'] };

/** An invocation URI as CDK writes it for an alias, whose `Ref` is its ARN. */
const byAlias = {
  ...invoking('Answer'),
  Uri: {
    'Fn::Sub': `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/\${Alias}/invocations`,
  },
};

const aPermission = (functionName: unknown) => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    Action: 'lambda:InvokeFunction',
    FunctionName: functionName,
    Principal: 'apigateway.amazonaws.com',
  },
});

const withAlias = (resources: Parameters<typeof anApi>[1]) =>
  anApi({ Answer: respond }, { Get: aMethod('GET', undefined, byAlias), ...resources });

test('an integration that names an alias runs the version that the alias names', async () => {
  const { send } = await serve(
    withAlias({
      Version: aVersion,
      Alias: anAlias(published),
      Allowed: aPermission({ Ref: 'Alias' }),
    }),
  );
  expect(await send('/local')).toMatchObject({ status: 200, body: 'the function' });
});

test('a permission on the function is none on its alias', async () => {
  const { send } = await serve(withAlias({ Version: aVersion, Alias: anAlias(published) }));
  expect(await send('/local')).toMatchObject({ status: 500 });
});

test('an authorizer that names an alias needs a permission on the alias, too', async () => {
  const guarded = aMethod('GET', undefined, byAlias, {
    AuthorizationType: 'CUSTOM',
    AuthorizerId: { Ref: 'Authorizer' },
  });
  const resources = {
    Version: aVersion,
    Alias: anAlias(published),
    Get: guarded,
    Authorizer: anAuthorizer('Answer', { AuthorizerUri: byAlias.Uri }),
  };
  const { send, invocations } = await serve(withAlias(resources));
  expect(await send('/local')).toMatchObject({ status: 500 });
  expect(invocations).toEqual([]);
});

test.each([
  [
    anAlias(published, { RoutingConfig: { AdditionalVersionWeights: [] } }),
    'the local runtime runs one version of a function and splits no calls',
  ],
  [anAlias('7'), 'Alias: there is no version 7 of Gatehouse-local-Answer here.'],
])('what cannot be emulated of an alias is refused: %j', async (Alias, message) => {
  await expect(serve(withAlias({ Version: aVersion, Alias }))).rejects.toThrow(message);
});
