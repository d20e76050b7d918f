import { type Audit, isRed, makeAudit } from '../../../bin/audit/audit.ts';
import { readCatalogue } from '../../../bin/audit/catalogue.ts';
import { policyLines, readDocument, readSource } from '../../../bin/audit/sources.ts';
import { write } from '../../../bin/audit/write.ts';
import { isObject } from '../../judges/findings.ts';
import { changed, changedEach } from '../../judges/sabotage.ts';
import { type JudgedTemplate, templateOf } from '../../judges/templates.ts';
import { listedControls } from '../../repository/control-ids.ts';

const controls = readDocument('controls.md');
const evidenceRows = readDocument('control-evidence.md');
const catalogue = readCatalogue(controls, evidenceRows);
const good = templateOf('domain, production');
const passed = {
  passed: 3,
  failed: 0,
  skipped: 0,
  at: '2026-11-01T10:00:00.000Z',
  sources: 'as they are',
};
const allPassed = Object.fromEntries(
  catalogue.flatMap(({ test }) => (test === undefined ? [] : [[test, passed]])),
);
const bill = {
  document: { bomFormat: 'CycloneDX' },
  packages: [{ name: 'zod', version: '4.6.7', licence: 'MIT' }],
};

const auditOf = (
  template: JudgedTemplate = good,
  more: Partial<Parameters<typeof makeAudit>[0]['evidence']> = {},
  of = catalogue,
): Audit =>
  makeAudit({
    template: { stack: template.stack, resources: template.resources },
    catalogue: of,
    evidence: { readSource, policyLines, testResults: allPassed, ...more },
    access: {},
    bill,
    firstDeployment: readDocument('first-deploy.md'),
    loggedFields: ['status', 'code'],
    now: new Date('2026-11-26T12:00:00Z'),
  });

const redIn = (audit: Audit): readonly string[] =>
  audit.controls.filter(({ faults }) => faults.length > 0).map(({ id }) => id);

describe('the catalogue', () => {
  test('has every control of the document, and the rows of the header table', () => {
    const ids = catalogue.map(({ id }) => id);
    expect(ids.filter((id) => /\d$/.test(id))).toEqual(listedControls(controls));
    expect(ids).toEqual(
      expect.arrayContaining(['Strict-Transport-Security', 'Content-Security-Policy']),
    );
  });

  test('gives each control its section, file and test', () => {
    expect(catalogue.find(({ id }) => id === 'RATE-5')).toMatchObject({
      section: 'Rate limits',
      source: expect.stringMatching(/\.ts$/),
      test: expect.stringMatching(/\.test\.ts$/),
    });
  });
});

describe('an audit of what is deployed', () => {
  test.each(['domain, production', 'stage, production', 'cloudfront, production'])(
    'finds the evidence of each control (%s)',
    (name) => {
      const audit = auditOf(templateOf(name));
      expect(audit.controls.flatMap(({ id, faults }) => faults.map((f) => `${id}: ${f}`))).toEqual(
        [],
      );
      expect(isRed(audit)).toBe(false);
    },
  );

  test('says who may log in, what functions may do, where data goes and what is unverified', () => {
    const { people, functions, flows, unverified, secrets } = auditOf();
    expect(people.join('\n')).toContain('people are invited');
    expect(functions.find(({ name }) => name === 'registration')?.allows.join('\n')).toMatch(
      /dynamodb:PutItem on .* where dynamodb:LeadingKeys client#\*/,
    );
    expect(flows).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ from: 'web ACL', to: 'API Gateway' }),
        expect.objectContaining({ from: 'mcp', to: 'table' }),
      ]),
    );
    expect(unverified.length).toBeGreaterThan(10);
    expect(secrets.length).toBeGreaterThan(3);
  });
});

const rules =
  (change: (rule: Record<string, unknown>) => object | undefined) => (template: JudgedTemplate) =>
    changedEach(template, 'AWS::WAFv2::WebACL', (acl) => ({
      ...acl,
      Properties: {
        ...acl.Properties,
        Rules: JSON.parse(
          JSON.stringify(
            [acl.Properties['Rules']]
              .flat()
              .filter(isObject)
              .flatMap((rule) => change(rule) ?? []),
          ),
        ),
      },
    }));

const without =
  (type: string) =>
  (template: JudgedTemplate): JudgedTemplate => ({
    ...template,
    resources: Object.fromEntries(
      Object.entries(template.resources).filter(([, { Type }]) => Type !== type),
    ),
  });

const withVariable = (name: string, value: string) => (template: JudgedTemplate) =>
  changedEach(template, 'AWS::Lambda::Function', (lambda) => {
    const environment = lambda.Properties['Environment'];
    const variables = isObject(environment) ? environment['Variables'] : {};
    return {
      ...lambda,
      Properties: {
        ...lambda.Properties,
        Environment: { Variables: { ...(isObject(variables) && variables), [name]: value } },
      },
    };
  });

describe('a sabotaged template is red:', () => {
  test.each<[string, (template: JudgedTemplate) => JudgedTemplate, string]>([
    [
      '/mcp asks nobody',
      changed('AWS::ApiGateway::Method', { AuthorizationType: 'NONE' }),
      'AUTH-1',
    ],
    [
      'the authorizer’s answers are kept',
      changed('AWS::ApiGateway::Authorizer', { AuthorizerResultTtlInSeconds: 300 }),
      'AUTH-1',
    ],
    [
      'the implicit flow',
      changed('AWS::Cognito::UserPoolClient', { AllowedOAuthFlows: ['code', 'implicit'] }),
      'OAUTH-3',
    ],
    [
      'app clients without a secret',
      changed('AWS::Cognito::UserPoolClient', { GenerateSecret: false }),
      'OAUTH-13',
    ],
    ['the web ACL is on nothing', without('AWS::WAFv2::WebACLAssociation'), 'RATE-2'],
    [
      'a limit by address is gone',
      rules((rule) => (rule['Name'] === 'registration' ? undefined : rule)),
      'RATE-3',
    ],
    ['usage plans are gone', without('AWS::ApiGateway::UsagePlan'), 'RATE-8'],
    [
      'clients choose their usage-plan key',
      changed('AWS::ApiGateway::RestApi', { ApiKeySourceType: 'HEADER' }),
      'RATE-8',
    ],
    [
      'throttled callers hear 200',
      changed('AWS::ApiGateway::GatewayResponse', { StatusCode: '200' }),
      'RATE-9',
    ],
    [
      'gateway responses without headers',
      changed('AWS::ApiGateway::GatewayResponse', { ResponseParameters: {} }),
      'X-Frame-Options',
    ],
    ['a secret in a variable', withVariable('KEY', '-----BEGIN PRIVATE KEY-----'), 'CONF-4'],
    ['every origin', withVariable('ALLOWED_ORIGINS', '*'), 'CORS-1'],
    [
      'preflights by a mock',
      changed('AWS::ApiGateway::Method', { Integration: { Type: 'MOCK' } }),
      'CORS-6',
    ],
    ['sensitive data in the log', withVariable('LOG_SENSITIVE_DATA', 'true'), 'LOG-2'],
    ['logs in the clear', changed('AWS::Logs::LogGroup', { KmsKeyId: '' }), 'LOG-1'],
    [
      'the web ACL logs tokens',
      changed('AWS::WAFv2::LoggingConfiguration', { RedactedFields: [] }),
      'LOG-5',
    ],
    ['alarms that nobody hears', changed('AWS::CloudWatch::Alarm', { AlarmActions: [] }), 'MON-2'],
    ['no dashboard', without('AWS::CloudWatch::Dashboard'), 'MON-3'],
  ])('%s', (_, sabotage, id) => {
    const audit = auditOf(sabotage(good));
    expect(redIn(audit)).toContain(id);
    expect(isRed(audit)).toBe(true);
  });
});

describe('sabotaged evidence is red:', () => {
  test('a file that enforces a control is gone', () => {
    const gone = 'lambdas/access-token/claims.ts';
    const audit = auditOf(good, {
      readSource: (path) => (path === gone ? undefined : readSource(path)),
    });
    expect(redIn(audit)).toEqual(['AUTH-3', 'AUTH-4', 'AUTH-5', 'AUTH-6', 'AUTH-7']);
  });

  test('a handler does not name its control any more', () => {
    const audit = auditOf(good, {
      readSource: (path) => readSource(path)?.replaceAll('OAUTH-10', ''),
    });
    expect(redIn(audit)).toEqual(['OAUTH-10']);
  });

  test.each([
    ['failed', { ...passed, failed: 1 }],
    ['tested nothing', { ...passed, passed: 0 }],
    ['left out 2 of 5', { ...passed, skipped: 2 }],
    ['ran with other sources', { ...passed, sources: 'as they were' }],
    ['has no result', undefined],
  ])('the test of a control %s', (words, result) => {
    const name = 'test/lambdas/registration/registration.test.ts';
    const { [name]: _, ...others } = allPassed;
    const audit = auditOf(good, {
      testResults: { ...others, ...(result !== undefined && { [name]: result }) },
      testedSources: () => 'as they are',
    });
    const [control] = audit.controls.filter(({ faults }) => faults.length > 0);
    expect(control?.id).toBe('OAUTH-4');
    expect(control?.faults.join()).toContain(words);
  });

  test.each([
    ['no result', undefined],
    ['left out', { ...passed, skipped: 2 }],
  ])('the test of a control has %s: an app hears what helps in an app', (words, result) => {
    const name = 'test/lambdas/registration/registration.test.ts';
    const { [name]: _, ...others } = allPassed;
    const testResults = { ...others, ...(result !== undefined && { [name]: result }) };
    const faultsFor = (testedSources?: () => string) =>
      auditOf(good, { testResults, testedSources })
        .controls.flatMap(({ faults }) => faults)
        .join();
    expect(faultsFor()).toMatch(
      new RegExp(`${words}.*: install a gatehouse that was packed after its tests `),
    );
    expect(faultsFor(() => 'as they are')).toMatch(new RegExp(`${words}.*: run `));
  });

  test('the test of a control is gone, and its result is not', () => {
    const name = 'test/lambdas/registration/registration.test.ts';
    const audit = auditOf(good, {
      testedSources: (test) => (test === name ? undefined : 'as they are'),
    });
    expect(redIn(audit)).toEqual(['OAUTH-4']);
  });

  test('a control of the catalogue has no row of evidence', () => {
    const rows = evidenceRows.replace(/^\| IN-4 .*\n/m, '');
    expect(redIn(auditOf(good, {}, readCatalogue(controls, rows)))).toEqual(['IN-4']);
  });

  test('a finding of a rule pack is not explained', () => {
    const { resources, stack } = good;
    const validationReport = {
      pluginReports: [
        { pluginName: 'AwsSolutions', violations: [{ ruleName: 'AwsSolutions-L1' }] },
      ],
    };
    const audit = makeAudit({
      template: { stack, resources, validationReport },
      catalogue,
      evidence: { readSource, policyLines, testResults: allPassed },
      access: {},
      bill,
      firstDeployment: '',
      loggedFields: [],
      now: new Date(),
    });
    expect(audit.faults).toEqual(['AwsSolutions: AwsSolutions-L1 is not explained']);
    expect(isRed(audit)).toBe(true);
  });
});

describe('what is written', () => {
  const before = auditOf(changed('AWS::CloudWatch::Alarm', { AlarmActions: [] })(good));
  const files = write(auditOf(), before, bill);

  test('is a page that loads nothing, JSON, SARIF and the bill of materials', () => {
    expect(Object.keys(files)).toEqual([
      'index.html',
      'audit.json',
      'audit.sarif',
      'bill-of-materials.cdx.json',
    ]);
    expect(files['index.html']).toContain(`default-src 'none'`);
    expect(files['index.html']).not.toMatch(/<script|(?:src|href)="https?:/);
    expect(JSON.parse(files['audit.json'] ?? '')).toEqual(JSON.parse(JSON.stringify(auditOf())));
  });

  test('says what has changed since the audit that lay there, and takes no other file for one', () => {
    expect(files['index.html']).toContain('with evidence again: MON-2');
    const first = write(auditOf(), { hello: 'world' }, bill)['index.html'];
    expect(first).toContain('There is none to compare with.');
  });

  test('has a result of SARIF for each control without evidence', () => {
    const sarif = JSON.parse(write(before, undefined, bill)['audit.sarif'] ?? '');
    expect(sarif).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          invocations: [{ executionSuccessful: true, exitCode: 1 }],
          results: [{ ruleId: 'MON-2', level: 'error' }],
        },
      ],
    });
    expect(sarif.runs[0].tool.driver.rules).toHaveLength(catalogue.length);
  });

  test('puts nothing into the page that it did not escape', () => {
    const hostile = { ...auditOf(), stack: '<img src=x onerror=alert(1)>' };
    expect(write(hostile, undefined, bill)['index.html']).not.toContain('<img');
  });
});
