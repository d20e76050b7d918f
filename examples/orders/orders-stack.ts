import { join } from 'node:path';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { Gatehouse } from 'gatehouse';

/** A service's own resources, and the MCP server through which people's assistants reach them. */
export class OrdersStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    // Without a name of its own: CloudFormation's is new each time, so that a table that an earlier
    // stack left behind is in nobody's way.
    const orders = new Table(this, 'Orders', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      // Kept when the stack goes, but not when its creation fails.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });

    const mcp = new Gatehouse(this, 'Mcp', {
      entry: join(import.meta.dirname, 'mcp'),
      tools: { environment: { ORDERS_TABLE: orders.tableName } },
      profiles: [
        { name: 'julius', enabled: false },
        // A ready profile, named; it may only read here.
        { name: 'chatgpt', scopes: ['gatehouse/tools.read'] },
      ],
      alarmEmail: 'orders-team@example.com',
    });
    orders.grant(mcp, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
  }
}
