import { CfnUserPoolClient, type IUserPool } from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import { type Machine, machineBounds, machineProfile } from '../../policy/machines.ts';

/**
 * The app client of a machine: confidential, `client_credentials` and nothing else, which Cognito
 * lets no client have beside a login. Its tokens name no user and no audience.
 */
export const machineClient = (
  scope: Construct,
  userPool: IUserPool,
  { name, scopes }: Machine,
): CfnUserPoolClient =>
  new CfnUserPoolClient(scope, `Machine-${name}`, {
    userPoolId: userPool.userPoolId,
    clientName: machineProfile(name),
    generateSecret: true,
    allowedOAuthFlowsUserPoolClient: true,
    allowedOAuthFlows: ['client_credentials'],
    allowedOAuthScopes: [...scopes],
    // Named none, Cognito would add flows by which people log in; there is no custom one.
    explicitAuthFlows: ['ALLOW_CUSTOM_AUTH'],
    preventUserExistenceErrors: 'ENABLED',
    enableTokenRevocation: true,
    accessTokenValidity: machineBounds.accessTokenMinutes,
    tokenValidityUnits: { accessToken: 'minutes' },
    readAttributes: ['email'],
    writeAttributes: ['email'],
  });
