import { only, resources, synthesized, withDomain } from './synthesized.ts';

describe('the table', () => {
  test('costs nothing idle, forgets by itself, and can be restored', () => {
    expect(only(synthesized(), 'AWS::DynamoDB::Table')).toMatchObject({
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true },
    });
  });

  test('outlives a deleted stack in production alone', () => {
    const deletion = (environment: string) =>
      Object.values(
        resources(synthesized({ ...withDomain, environment }), 'AWS::DynamoDB::Table'),
      ).map(({ DeletionPolicy, Properties }) => [
        DeletionPolicy,
        Properties['DeletionProtectionEnabled'],
      ]);
    expect(deletion('production')).toEqual([['RetainExceptOnCreate', true]]);
    expect(deletion('development')).toEqual([['Delete', false]]);
  });
});
