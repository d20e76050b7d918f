/**
 * A CDK app with much beside its Gatehouse, written where the package is installed: its tables in a
 * stack of their own, two stages, a bucket and a function that no tool sees, a region, tags, a
 * domain and a logging role.
 */
export const largerApp = `
import { join } from 'node:path';
import { AttributeType, Table, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { App, Stack, Stage, Tags } from 'aws-cdk-lib/core';
import { Gatehouse } from 'gatehouse';

const app = new App();
const partitionKey = { name: 'pk', type: AttributeType.STRING };
for (const name of ['Staging', 'Live']) {
  const env = { account: process.env.CDK_DEFAULT_ACCOUNT, region: app.node.tryGetContext('region') };
  const stage = new Stage(app, name, { env });
  const data = new Stack(stage, 'Data');
  const orders = new TableV2(data, 'Orders', { tableName: 'orders', partitionKey, globalSecondaryIndexes: [{ indexName: 'byOwner', partitionKey }] });
  const stock = new Table(data, 'Stock', { partitionKey });
  const server = new Stack(stage, 'Server');
  const { bucketName } = new Bucket(server, 'Files');
  const code = Code.fromInline('exports.handler = () => {};');
  new Function(server, 'Worker', { code, runtime: Runtime.NODEJS_24_X, handler: 'index.handler', environment: { bucketName } });
  const mcp = new Gatehouse(server, 'Mcp', {
    entry: join(import.meta.dirname, 'mcp'),
    tools: { environment: { ORDERS_TABLE: orders.tableName } },
    domain: { name: 'mcp.example.com', certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/0f0f0f0f' },
    cloudWatchRole: true,
  });
  orders.grant(mcp, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
  mcp.functions.byName.mcp.function.addEnvironment('STOCK', stock.tableName);
  stock.grantReadData(mcp);
}
Tags.of(app).add('team', 'orders');
`;
