import {
  AccountRecovery,
  FeaturePlan,
  Mfa,
  StandardThreatProtectionMode,
  StringAttribute,
  UserPool,
} from 'aws-cdk-lib/aws-cognito';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Environment } from '../../policy/deployment.ts';
import { attributeCharacters, groupsAttribute, passwordPolicy } from '../../policy/identity.ts';
import { acknowledge } from '../acknowledge.ts';
import type { Configuration } from '../configuration.ts';
import { removalPolicyOf } from '../logs.ts';

const secondFactor = { off: Mfa.OFF, optional: Mfa.OPTIONAL, required: Mfa.REQUIRED };

/** The pool of a deployment that brings none. */
export const makeUserPool = (
  scope: Construct,
  environment: Environment,
  { mfa = 'optional', threatProtection, signUp }: Configuration['identity'],
): UserPool => {
  const lasting = environment === 'production';
  const pool = new UserPool(scope, 'UserPool', {
    // Essentials: managed login, and access tokens that a trigger may add claims to.
    featurePlan: threatProtection ? FeaturePlan.PLUS : FeaturePlan.ESSENTIALS,
    ...(threatProtection && {
      standardThreatProtectionMode: StandardThreatProtectionMode.FULL_FUNCTION,
    }),
    selfSignUpEnabled: signUp.length > 0,
    signInAliases: { email: true },
    signInCaseSensitive: false,
    autoVerify: { email: true },
    standardAttributes: { email: { required: true, mutable: true } },
    customAttributes: {
      [groupsAttribute.replace('custom:', '')]: new StringAttribute({
        mutable: true,
        maxLen: attributeCharacters,
      }),
    },
    passwordPolicy: {
      minLength: passwordPolicy.minimumLength,
      requireDigits: true,
      requireLowercase: true,
      requireUppercase: true,
      requireSymbols: true,
      tempPasswordValidity: Duration.days(passwordPolicy.temporaryPasswordDays),
      passwordHistorySize: passwordPolicy.history,
    },
    mfa: secondFactor[mfa],
    ...(mfa !== 'off' && { mfaSecondFactor: { sms: false, otp: true } }),
    accountRecovery: AccountRecovery.EMAIL_ONLY,
    deletionProtection: lasting,
    removalPolicy: removalPolicyOf(environment),
  });
  acknowledge(pool, {
    'AwsSolutions-COG2':
      'Which users must have a second factor is for the team that runs the pool; authenticator apps are on, and SMS, which can be hijacked, is off.',
    'AwsSolutions-COG8':
      'Managed login and claims in access tokens need Essentials; the Plus tier costs more for each user and is a switch that a team can make.',
  });
  return pool;
};
