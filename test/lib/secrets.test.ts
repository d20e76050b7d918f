import { resources, servingFunctions, synthesized, text, withDomain } from './synthesized.ts';

describe.each([
  ['domain', withDomain],
  ['stage', { urlMode: 'stage' }],
  ['cloudfront', { originSecret: { current: 2, previous: 1 } }],
])('the template of the mode %s', (_, configuration) => {
  const template = synthesized(configuration);

  test("holds no app client's secret (CONF-4)", () => {
    expect(JSON.stringify(template.toJSON())).not.toMatch(/ClientSecret"?\s*[,\]}]/);
  });

  test('puts no credential into an environment', () => {
    for (const { Properties } of Object.values(servingFunctions(template))) {
      expect(JSON.stringify(Properties['Environment'])).not.toMatch(
        /resolve:|ClientSecret|secretsmanager/i,
      );
    }
  });

  test('gives the key of the shares to the authorizer alone, made of ids that AWS makes up', () => {
    const given = Object.values(servingFunctions(template)).flatMap(({ Properties }) => {
      const { POWERTOOLS_SERVICE_NAME: name, USAGE_PLAN_SHARE_KEY: key } =
        Properties['Environment'].Variables;
      return key === undefined ? [] : [{ name, key: text(key) }];
    });
    expect(given).toEqual([
      { name: 'authorizer', key: expect.stringMatching(/^(?:\$\{\w*UsagePlanKeys\w+\}){4}$/) },
    ]);
  });

  test('gives nothing secret away in its outputs', () => {
    expect(JSON.stringify(template.findOutputs('*'))).not.toMatch(/resolve:|secret/i);
  });

  test('has secrets made by AWS, never written down', () => {
    for (const { Properties } of Object.values(
      resources(template, 'AWS::SecretsManager::Secret'),
    )) {
      expect(Properties).not.toHaveProperty('SecretString');
      expect(Properties).toHaveProperty('GenerateSecretString');
    }
  });
});
