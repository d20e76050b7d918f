import { isObject } from '../findings.ts';
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

export const identityRules: readonly Rule[] = [providerSecretsByReference];
