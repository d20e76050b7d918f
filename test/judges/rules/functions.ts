import { lambdaQuotas } from '../../../policy/limits.ts';
import { isObject } from '../findings.ts';
import { aDeployment, textOf } from '../rendered.ts';
import type { JudgedTemplate, Value } from '../templates.ts';
import { ofType, type Rule } from './rule.ts';

const text = (value: Value | undefined) => textOf(value, aDeployment);

/** The logical id of what a value invokes: a function by its ARN, or an alias by its reference. */
const invokedIn = (template: JudgedTemplate, value: Value | undefined): string | undefined => {
  const json = JSON.stringify(value ?? null);
  const [, fn] = /"Fn::GetAtt":\["(\w+)","Arn"\]/.exec(json) ?? [];
  if (fn !== undefined) return fn;
  const references = Array.from(json.matchAll(/"Ref":"(\w+)"/g), ([, id = '']) => id);
  return references.find((id) => template.resources[id]?.Type === 'AWS::Lambda::Alias');
};

/** A reference of ours becomes an id, a host or a table's name: 64 bytes at most. */
const bytesOf = (value: Value): number =>
  Buffer.byteLength(text(value).replaceAll(/\$\{[^}]*\}/g, 'x'.repeat(64)));

const environmentFits: Rule = {
  name: "a function's environment is at most 4 KB",
  judge: (template) =>
    ofType(template, 'AWS::Lambda::Function').flatMap(([id, { Properties }]) => {
      const environment = Properties['Environment'];
      const variables = isObject(environment) ? environment['Variables'] : {};
      const bytes = Object.entries(isObject(variables) ? variables : {})
        .map(([name, value]) => Buffer.byteLength(name) + bytesOf(value))
        .reduce((sum, each) => sum + each, 0);
      return bytes <= lambdaQuotas.environmentBytes ? [] : [`${id}: ${bytes} bytes`];
    }),
};

interface Permitted {
  readonly fn: string | undefined;
  readonly principal: string;
  readonly source: string;
}

const permissionsIn = (template: JudgedTemplate): readonly Permitted[] =>
  ofType(template, 'AWS::Lambda::Permission').map(([, { Properties }]) => ({
    fn: invokedIn(template, Properties['FunctionName']),
    principal: text(Properties['Principal']),
    source: text(Properties['SourceArn']),
  }));

/** Path of an API's resource, as it stands in the source of a permission. */
const pathOf = (template: JudgedTemplate, reference: Value | undefined): string => {
  const id = isObject(reference) ? String(reference['Ref'] ?? '') : '';
  const resource = template.resources[id];
  if (resource?.Type !== 'AWS::ApiGateway::Resource') return '';
  const { ParentId, PathPart } = resource.Properties;
  return `${pathOf(template, ParentId)}/${text(PathPart)}`;
};

const integrationsMayInvoke: Rule = {
  name: 'every integration, authorizer and trigger may invoke its function',
  judge: (template) => {
    const permissions = permissionsIn(template);
    const may = (fn: string | undefined, principal: string, ends: readonly string[]) =>
      permissions.some(
        (each) =>
          each.fn === fn &&
          each.principal === principal &&
          ends.some((end) => each.source.endsWith(end)),
      );
    const api = 'apigateway.amazonaws.com';
    const methods = ofType(template, 'AWS::ApiGateway::Method').flatMap(([id, { Properties }]) => {
      const fn = invokedIn(template, Properties['Integration']);
      if (fn === undefined) return [];
      const path = `/${text(Properties['HttpMethod'])}${pathOf(template, Properties['ResourceId'])}`;
      return may(fn, api, [path, '/*/*']) ? [] : [`${id} may not invoke ${fn} by ${path}`];
    });
    const authorizers = ofType(template, 'AWS::ApiGateway::Authorizer').flatMap(
      ([id, { Properties }]) => {
        const fn = invokedIn(template, Properties['AuthorizerUri']);
        return may(fn, api, [`/authorizers/\${${id}}`, '/*']) ? [] : [`${id} may not invoke ${fn}`];
      },
    );
    const triggers = ofType(template, 'AWS::Cognito::UserPool').flatMap(([id, { Properties }]) => {
      const fn = invokedIn(template, Properties['LambdaConfig']);
      const ends = [`\${${id}.Arn}`];
      return fn === undefined || may(fn, 'cognito-idp.amazonaws.com', ends)
        ? []
        : [`${id} may not invoke ${fn}`];
    });
    return [...methods, ...authorizers, ...triggers];
  },
};

/** https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flows-selection-managedlogin.html */
const managedLoginFlows = ['ALLOW_USER_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH'];

const loginIsOffered: Rule = {
  name: 'managed login has a flow to offer to every app client',
  judge: (template) =>
    ofType(template, 'AWS::Cognito::UserPoolClient')
      .filter(([, { Properties }]) => {
        // A machine's has no page.
        if (![Properties['AllowedOAuthFlows'] ?? []].flat().includes('code')) return false;
        const flows = [Properties['ExplicitAuthFlows'] ?? []].flat();
        return !managedLoginFlows.some((flow) => flows.includes(flow));
      })
      .map(([id]) => `${id} has no flow by which anybody could log in`),
};

const noPaidMetrics: Rule = {
  name: 'no method has detailed metrics that nothing reads',
  judge: (template) =>
    ofType(template, 'AWS::ApiGateway::Stage')
      .filter(([, { Properties }]) =>
        JSON.stringify(Properties['MethodSettings'] ?? []).includes('"MetricsEnabled":true'),
      )
      .map(([id]) => `${id} has detailed metrics`),
};

const noPaidLines: Rule = {
  name: 'no function writes START, END and REPORT lines that nobody reads',
  judge: (template) =>
    ofType(template, 'AWS::Lambda::Function')
      .filter(
        ([, { Properties }]) =>
          !JSON.stringify(Properties['LoggingConfig'] ?? {}).includes('"SystemLogLevel":"WARN"'),
      )
      .map(([id]) => `${id} writes them`),
};

/**
 * Lambda keeps a function's permissions in one policy.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const mostPolicyBytes = 20 * 1024;

/** Of a statement beside the ARN of its source: identifier, principal, action, resource. */
const statementBytes = 350;

const permissionsFit: Rule = {
  name: "a function's permissions fit into its policy of 20 KB",
  judge: (template) => {
    const permissions = permissionsIn(template);
    return [...new Set(permissions.map(({ fn }) => fn))].flatMap((fn) => {
      const bytes = permissions
        .filter((each) => each.fn === fn)
        .map(({ source }) => statementBytes + source.length)
        .reduce((sum, each) => sum + each, 0);
      return bytes <= mostPolicyBytes ? [] : [`${fn}: some ${bytes} bytes`];
    });
  },
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const templateQuotas = { resources: 500, bytes: 1024 * 1024 };

const templateFits: Rule = {
  name: 'a template has at most 500 resources and 1 MB',
  judge: ({ resources }) => {
    const count = Object.keys(resources).length;
    const bytes = Buffer.byteLength(JSON.stringify(resources));
    return [
      ...(count > templateQuotas.resources ? [`${count} resources`] : []),
      ...(bytes > templateQuotas.bytes ? [`${bytes} bytes`] : []),
    ];
  },
};

export const functionRules: readonly Rule[] = [
  permissionsFit,
  templateFits,
  environmentFits,
  integrationsMayInvoke,
  loginIsOffered,
  noPaidMetrics,
  noPaidLines,
];
