import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { Environment } from '../policy/deployment.ts';
import { acknowledge } from './acknowledge.ts';
import { removalPolicyOf } from './logs.ts';

/**
 * The one table: registrations, documents, transactions, codes, rate windows, blocked users (see
 * docs/decisions).
 */
export class State extends Construct {
  readonly table: Table;

  constructor(
    scope: Construct,
    id: string,
    { environment }: { readonly environment: Environment },
  ) {
    super(scope, id);
    const lasting = environment === 'production';
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      // Rate windows come in bursts that nobody can plan, and an idle deployment should cost
      // nothing.
      billingMode: BillingMode.PAY_PER_REQUEST,
      // TTL only tidies up, up to days late: every reader checks `expiresAt` itself.
      timeToLiveAttribute: 'expiresAt',
      // A lost table would unblock every blocked user and forget every registration.
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: TableEncryption.AWS_MANAGED,
      deletionProtection: lasting,
      removalPolicy: removalPolicyOf(environment),
    });
    acknowledge(this.table, {
      'NIST.800.53.R5-DynamoDBInBackupPlan':
        'Point-in-time recovery keeps every second of 35 days, and what the table holds lives for a month at most.',
    });
  }
}
