import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { accessKeyOf } from '../../local/iam/permissions.ts';
import { type Gatehouse, startGatehouse } from '../../local/runtime.ts';

describe("the functions' roles, as the template gives them", () => {
  let gatehouse: Gatehouse;
  const clients: DynamoDBClient[] = [];
  beforeAll(async () => {
    gatehouse = await startGatehouse();
  }, 120_000);
  afterAll(async () => {
    for (const client of clients) client.destroy();
    await gatehouse.stop();
  });

  /** Asks the table as a function does, by the key of its role. */
  const as = (name: string): DynamoDBClient => {
    const named = gatehouse.stack.resources('AWS::Lambda::Function').find(({ properties }) => {
      const environment = properties['Environment'] as { Variables: Record<string, string> };
      return environment.Variables['POWERTOOLS_SERVICE_NAME'] === name;
    });
    const credentials = {
      accessKeyId: accessKeyOf(String(named?.properties['Role'])),
      secretAccessKey: 'made up for this test',
    };
    const client = new DynamoDBClient({
      region: 'eu-central-1',
      endpoint: gatehouse.table.endpoint,
      credentials,
      maxAttempts: 1,
    });
    clients.push(client);
    return client;
  };
  const tableName = () => {
    const [table] = ['AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table'].flatMap((type) =>
      gatehouse.stack.resources(type),
    );
    return gatehouse.stack.ref(table?.logicalId ?? '');
  };
  const get = (pk: string) =>
    new GetItemCommand({ TableName: tableName(), Key: { pk: { S: pk } } });
  const put = (pk: string) =>
    new PutItemCommand({ TableName: tableName(), Item: { pk: { S: pk } } });
  const update = (pk: string, attribute = 'expiresAt') =>
    new UpdateItemCommand({
      TableName: tableName(),
      Key: { pk: { S: pk } },
      UpdateExpression: 'SET #a = :a',
      ExpressionAttributeNames: { '#a': attribute },
      ExpressionAttributeValues: { ':a': { N: '1' } },
    });
  const remove = (pk: string) =>
    new DeleteItemCommand({ TableName: tableName(), Key: { pk: { S: pk } } });
  const denied = { name: 'AccessDeniedException' };

  it('let each function reach its own items', async () => {
    await expect(as('mcp').send(update('user#1'))).resolves.toBeDefined();
    await expect(as('token').send(update('code#1', 'claimed'))).resolves.toBeDefined();
    await expect(as('registration').send(put('client#1'))).resolves.toBeDefined();
    await expect(as('authorization').send(get('document#1'))).resolves.toBeDefined();
  });

  it("keep a tool that was taken over from a client's redirect URIs, from codes, and from reading everything", async () => {
    const mcp = as('mcp');
    for (const command of [update('client#1'), update('code#1'), update('xuser#1')])
      await expect(mcp.send(command)).rejects.toMatchObject(denied);
    await expect(mcp.send(get('client#1'))).rejects.toMatchObject(denied);
    await expect(mcp.send(new ScanCommand({ TableName: tableName() }))).rejects.toMatchObject(
      denied,
    );
    await expect(mcp.send(put('user#1'))).rejects.toMatchObject(denied);
  });

  it('are pairs: what a function may do with one kind of item it may not do with another', async () => {
    const authorization = as('authorization');
    await expect(authorization.send(get('client#1'))).resolves.toBeDefined();
    for (const pk of ['client#1', 'code#1'])
      await expect(authorization.send(remove(pk))).rejects.toMatchObject(denied);
    await expect(authorization.send(put('client#1'))).rejects.toMatchObject(denied);
    await expect(authorization.send(get('code#1'))).rejects.toMatchObject(denied);
  });

  it('let the token function change no attribute but its own', async () => {
    const token = as('token');
    await expect(token.send(update('client#1', 'expiresAt'))).resolves.toBeDefined();
    for (const command of [update('client#1', 'redirectUris'), update('code#1', 'cognitoCode')])
      await expect(token.send(command)).rejects.toMatchObject(denied);
  });

  it('give a function without a table nothing', async () => {
    await expect(as('authorizer').send(get('user#1'))).rejects.toMatchObject(denied);
    await expect(as('metadata').send(put('document#1'))).rejects.toMatchObject(denied);
  });
});
