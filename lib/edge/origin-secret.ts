import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { edgeSettings } from '../../policy/edge.ts';
import { acknowledge } from '../acknowledge.ts';
import type { Configuration } from '../configuration.ts';

/**
 * What the distribution proves itself to the stage with. The text is made by Secrets Manager and
 * put into the distribution and the web ACL by dynamic reference, when CloudFormation deploys them:
 * it stands in no template, environment or log.
 *
 * A version is a secret of its own, because CloudFormation looks at the reference, not at what is
 * behind it: a value that changed under the same reference would never be deployed. Replacing one
 * takes two deployments (`originSecret` in the configuration): `{"current": 2, "previous": 1}`,
 * then, once the distribution has reached every edge, `{"current": 2}`.
 */
export class OriginSecret extends Construct {
  /** What the distribution sends. */
  readonly sent: string;
  /** What the web ACL takes. */
  readonly accepted: readonly string[];

  constructor(
    scope: Construct,
    id: string,
    { current, previous }: Configuration['originSecret'],
    key: IKey,
  ) {
    super(scope, id);
    this.sent = this.version(current, key);
    this.accepted = [this.sent, ...(previous === undefined ? [] : [this.version(previous, key)])];
  }

  private version(version: number, encryptionKey: IKey): string {
    const secret = new Secret(this, `Version${version}`, {
      description: `Gatehouse: between distribution and stage, version ${version}`,
      generateSecretString: {
        passwordLength: edgeSettings.originSecretCharacters,
        excludePunctuation: true,
        includeSpace: false,
      },
      encryptionKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const reason =
      'A rotation function could not tell CloudFormation to deploy the new value; it is replaced by two deployments.';
    acknowledge(secret, {
      'AwsSolutions-SMG4': reason,
      'NIST.800.53.R5-SecretsManagerRotationEnabled': reason,
    });
    // A dynamic reference, which CloudFormation resolves: the synthesis never sees the text.
    return secret.secretValue.unsafeUnwrap();
  }
}
