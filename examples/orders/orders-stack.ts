import { join } from 'node:path';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { CfnOutput, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { Gatehouse } from 'gatehouse';

/** A service's own resources, and the MCP server through which people's assistants reach them. */
export class OrdersStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    new Table(this, 'Orders', {
      // The tools name it, in code and in their grants.
      tableName: 'orders',
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    });

    const mcp = new Gatehouse(this, 'Mcp', {
      entry: join(import.meta.dirname, 'mcp'),
      profiles: [
        { name: 'julius', enabled: false },
        {
          name: 'chatgpt',
          title: 'ChatGPT',
          redirectHosts: ['chatgpt.com'],
          scopes: ['gatehouse/tools.read'],
        },
      ],
      alarmEmail: 'orders-team@example.com',
    });
    new CfnOutput(this, 'McpUrl', {
      value: mcp.url.resource,
      description: 'What clients connect to',
    });
  }
}
