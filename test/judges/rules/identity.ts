import { isObject } from '../findings.ts';
import type { JudgedTemplate } from '../templates.ts';
import { ofType, type Rule } from './rule.ts';

/** Members of a provider's details that are credentials. */
const credentials = ['client_secret', 'private_key'];

const providerSecretsByReference: Rule = {
  name: "an identity provider's secret is a reference",
  judge: (template) =>
    ofType(template, 'AWS::Cognito::UserPoolIdentityProvider').flatMap(([id, { Properties }]) => {
      const { ProviderDetails: details } = Properties;
      return Object.entries(isObject(details) ? details : {})
        .filter(
          ([name, value]) =>
            credentials.includes(name) &&
            !JSON.stringify(value).includes('{{resolve:secretsmanager:'),
        )
        .map(([name]) => `${id}: ${name} stands in the template`);
    }),
};

const json = (value: unknown) => JSON.stringify(value ?? null);

/** Whether a template puts its app clients into a pool that it does not make. */
const bringsItsPool = (template: JudgedTemplate): boolean => {
  const own = ofType(template, 'AWS::Cognito::UserPool').map(([id]) => id);
  return ofType(template, 'AWS::Cognito::UserPoolClient').some(
    ([, { Properties }]) => !own.some((id) => json(Properties['UserPoolId']).includes(`"${id}"`)),
  );
};

/** What changes a pool itself, beside what is put into it. */
const poolTypes = [
  'AWS::Cognito::LogDeliveryConfiguration',
  'AWS::Cognito::UserPool',
  'AWS::Cognito::UserPoolDomain',
  'AWS::Cognito::UserPoolRiskConfigurationAttachment',
  'AWS::Cognito::UserPoolUICustomizationAttachment',
];

const existingPoolStays: Rule = {
  name: 'an existing user pool is neither made nor changed',
  judge: (template) => {
    if (!bringsItsPool(template)) return [];
    return Object.entries(template.resources).flatMap(([id, { Type, Properties }]) => {
      if (poolTypes.includes(Type)) return [`${id} is ${Type}`];
      if (
        Type === 'AWS::WAFv2::WebACLAssociation' &&
        json(Properties['ResourceArn']).includes('userpool/')
      )
        return [`${id} takes the place of the pool's own web ACL`];
      return /"cognito-idp:(?!Describe)\w+"/.test(json(Properties))
        ? [`${id} may change the pool`]
        : [];
    });
  },
};

/**
 * Cognito lets an attribute be added, and none be removed or made required; how people name
 * themselves is settled when the pool is made. An update that says otherwise fails, or makes another
 * pool without its people.
 */
const poolIsTheSame: Rule = {
  name: 'what a user pool can never change is as it was first deployed',
  judge: (template) =>
    ofType(template, 'AWS::Cognito::UserPool').flatMap(([id, { Properties }]) => {
      const { Schema, UsernameAttributes, UsernameConfiguration, AliasAttributes } = Properties;
      const same = [
        json(UsernameAttributes) === json(['email']),
        json(UsernameConfiguration) === json({ CaseSensitive: false }),
        AliasAttributes === undefined,
        json(Schema).startsWith(json(firstSchema).slice(0, -1)),
      ];
      return same.includes(false) ? [`${id} is another pool`] : [];
    }),
};

/** Further attributes may follow these. */
const firstSchema = [
  { Mutable: true, Name: 'email', Required: true },
  {
    AttributeDataType: 'String',
    Mutable: true,
    Name: 'groups',
    StringAttributeConstraints: { MaxLength: '2048' },
  },
];

export const identityRules: readonly Rule[] = [
  providerSecretsByReference,
  existingPoolStays,
  poolIsTheSame,
];
