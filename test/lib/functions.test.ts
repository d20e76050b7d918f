import { bundles } from '../../lib/bundle/bundle.ts';
import { type FunctionRow, functionTable } from '../../lib/function-table.ts';
import { everyFunctionPermissions } from '../../lib/handler-function.ts';
import { functionNames, functionSettings, isHttpFunction } from '../../policy/functions.ts';
import {
  properties,
  type Resource,
  resources,
  servingFunctions,
  synthesized,
  text,
  withDomain,
} from './synthesized.ts';

/** With every function that a setting adds. */
const template = synthesized({ ...withDomain, identity: { signUp: ['example.com'] } });
const functions = servingFunctions(template);
const byName = Object.fromEntries(
  Object.values(functions).map(({ Properties }) => [
    Properties['Environment'].Variables.POWERTOOLS_SERVICE_NAME as string,
    Properties,
  ]),
);

const named = (name: string): Resource['Properties'] => {
  const found = byName[name];
  if (found === undefined) throw new Error(`no function ${name}`);
  return found;
};

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

const list = <T>(value: T | readonly T[]): readonly T[] =>
  Array.isArray(value) ? value : [value as T];

const roleOf = (fn: Resource['Properties']): string => fn['Role']['Fn::GetAtt'][0];

const statementsOf = (fn: Resource['Properties']): readonly Statement[] =>
  properties(template, 'AWS::IAM::Policy')
    .filter(({ Roles }) => JSON.stringify(Roles).includes(roleOf(fn)))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);

/** `ForAllValues` alone would let a scan pass, which has no leading key. */
const conditionOf = (keys: readonly string[], attributes?: readonly string[]) => ({
  'ForAllValues:StringLike': {
    'dynamodb:LeadingKeys': keys,
    ...(attributes && { 'dynamodb:Attributes': attributes }),
  },
  Null: { 'dynamodb:LeadingKeys': 'false' },
});

describe("every function's role", () => {
  const names = Object.keys(functionSettings);

  test('is its own', () => {
    expect(Object.keys(byName).sort()).toEqual([...names].sort());
    expect(new Set(Object.values(byName).map(roleOf)).size).toBe(names.length);
  });

  test('has no managed policy, and only Lambda may take it', () => {
    for (const role of properties(template, 'AWS::IAM::Role').filter(({ Description }) =>
      Description?.startsWith('Gatehouse '),
    )) {
      expect(role).not.toHaveProperty('ManagedPolicyArns');
      expect(role).not.toHaveProperty('Policies');
      expect(JSON.stringify(role['AssumeRolePolicyDocument'])).toContain('lambda.amazonaws.com');
    }
  });

  test.each(names)('%s may do exactly what is written beside it', (name) => {
    const rows: Readonly<Record<string, FunctionRow>> = functionTable;
    const { table = [], userPool = [] } = rows[name] ?? {};
    const granted = statementsOf(named(name)).flatMap(({ Action }) => list(Action));
    const tools = name === 'mcp' ? bundles().manifest.grants.flatMap(({ actions }) => actions) : [];
    const written = [
      ...everyFunctionPermissions.log,
      ...everyFunctionPermissions.trace,
      ...table.map(({ action }) => action),
      ...userPool,
      ...tools,
    ];
    expect([...new Set(granted)].sort()).toEqual([...new Set(written)].sort());
  });

  test.each(names)('%s reaches only its own log, the one table and the one pool', (name) => {
    const fn = named(name);
    const log = fn['LoggingConfig'].LogGroup.Ref;
    const reach = statementsOf(fn).flatMap(({ Action, Resource: on }) =>
      list(Action).flatMap((action) => list(on).map((each) => `${action} ${text(each)}`)),
    );
    for (const line of reach) {
      if (line.startsWith('logs:')) expect(line).toMatch(new RegExp(` \\$\\{${log}\\.Arn\\}$`));
      else if (line.startsWith('xray:')) expect(line).toMatch(/ \*$/);
      else if (line.startsWith('dynamodb:')) expect(line).toMatch(/ \$\{\w*Table\w*\.Arn\}$/);
      else expect(line).toMatch(/^cognito-idp:DescribeUserPoolClient \$\{\w*UserPool\w*\.Arn\}$/);
    }
  });

  test('holds no wildcard action, and no deny that hides one', () => {
    const statements = Object.values(byName).flatMap(statementsOf);
    expect(statements.every(({ Effect }) => Effect === 'Allow')).toBe(true);
    expect(
      statements.flatMap(({ Action }) => list(Action)).filter((action) => action.includes('*')),
    ).toEqual([]);
  });

  test('gives a tool its grant with the keys that it declares', () => {
    for (const { actions, leadingKeys } of bundles().manifest.grants)
      expect(statementsOf(named('mcp'))).toContainEqual(
        expect.objectContaining({
          Action: actions.length === 1 ? actions[0] : actions,
          ...(leadingKeys && { Condition: conditionOf(leadingKeys) }),
        }),
      );
  });

  test.each([
    ['registration', ['PutItem client#*']],
    [
      'authorization',
      [
        'GetItem client#*',
        'GetItem document#*',
        'PutItem document#*',
        'UpdateItem fetches#*',
        'GetItem approval#*',
        'PutItem approval#*',
        'DeleteItem approval#*',
        'PutItem transaction#*',
        'DeleteItem transaction#*',
        'PutItem code#*',
      ],
    ],
    [
      'token',
      [
        'UpdateItem code#*',
        'GetItem client#*',
        'UpdateItem client#*',
        'GetItem user#*',
        'UpdateItem user#*',
      ],
    ],
    // What a tool that was taken over can write: its callers' counters, and no client's redirect
    // URI. The read is that of a tool.
    ['mcp', ['UpdateItem user#*', 'GetItem user#*']],
  ])('%s has these pairs of action and key, a statement each, and no scan', (name, pairs) => {
    const onTable = statementsOf(named(name)).filter(({ Action }) =>
      list(Action).some((action) => action.startsWith('dynamodb:')),
    );
    const found = onTable.map(({ Action, Condition }) => {
      const keys = Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'] ?? [];
      expect(Condition?.['Null']).toEqual({ 'dynamodb:LeadingKeys': 'false' });
      return `${list(Action).join('+').replace('dynamodb:', '')} ${keys.join('+')}`;
    });
    expect(found).toEqual(pairs);
  });

  test('lets the token function change the attributes that it owns, and no other', () => {
    const conditions = statementsOf(named('token')).flatMap(({ Condition }) =>
      Condition === undefined ? [] : [Condition],
    );
    expect(conditions).toEqual(
      functionTable.token.table.map(({ key, attributes }) => conditionOf([key], attributes)),
    );
    const own = functionTable.token.table.flatMap(({ attributes = [] }) => attributes);
    for (const foreign of ['cognitoCode', 'redirectUris', 'scopes', 'profile'])
      expect(own).not.toContain(foreign);
  });
});

describe('every function', () => {
  test.each(Object.keys(functionSettings))('%s runs as all of ours do', (name) => {
    expect(byName[name]).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      TracingConfig: { Mode: 'PassThrough' },
      LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'INFO' },
    });
  });

  test.each(Object.keys(functionTable))(
    '%s logs nothing sensitive, and no DEBUG in production (LOG-1, LOG-2)',
    (name) => {
      expect(named(name)['Environment'].Variables).toMatchObject({
        LOG_SENSITIVE_DATA: 'false',
        POWERTOOLS_LOG_LEVEL: 'INFO',
      });
    },
  );

  test.each(functionNames)('%s is given no variable that its code does not read', (name) => {
    const code = Buffer.from(bundles().byFunction[name].code).toString();
    expect(
      Object.keys(named(name)['Environment'].Variables).filter(
        (variable) => !code.includes(variable.replace(/^POWERTOOLS_.*/, '')),
      ),
    ).toEqual([]);
  });

  test('has an encrypted log group of its own, kept for a year', () => {
    const groups = resources(template, 'AWS::Logs::LogGroup');
    const own = Object.values(byName).map(
      ({ LoggingConfig }) => LoggingConfig.LogGroup.Ref as string,
    );
    expect(new Set(own).size).toBe(own.length);
    for (const id of own)
      expect(groups[id]?.Properties).toMatchObject({
        RetentionInDays: 365,
        KmsKeyId: expect.anything(),
      });
  });

  test('is told of a proxy only where the deployment has one (RATE-10)', () => {
    const proxied = (configuration: object) =>
      Object.values(servingFunctions(synthesized(configuration)))
        .map(({ Properties }) => Properties)
        .flatMap(({ Environment: { Variables } }) =>
          'TRUSTED_PROXY_HEADER' in Variables ? [Variables.POWERTOOLS_SERVICE_NAME] : [],
        );
    expect(proxied(withDomain)).toEqual([]);
    expect(proxied({ urlMode: 'stage' })).toEqual([]);
    expect(proxied({}).sort()).toEqual(functionNames.filter(isHttpFunction).toSorted());
  });

  test('takes the origins of development on a development environment alone (CORS-2)', () => {
    const origins = (environment: string): string =>
      Object.values(
        servingFunctions(
          synthesized({ ...withDomain, environment, allowedOrigins: ['https://app.example.com'] }),
        ),
      )
        .map(({ Properties }) => Properties)
        .find(({ Environment }) => Environment.Variables.POWERTOOLS_SERVICE_NAME === 'mcp')?.[
        'Environment'
      ].Variables.ALLOWED_ORIGINS;
    expect(origins('production')).toContain('https://claude.ai');
    expect(origins('production')).toContain('https://app.example.com');
    expect(origins('production')).not.toContain('http:');
    expect(origins('development')).toContain('http://localhost:6274');
  });
});
