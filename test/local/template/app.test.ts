import { loadApp } from '../../../local/template/app.ts';
import { aBucket, aGatehouse, aStack, aTable, type Given } from './an-app.ts';

const mcp = { gatehouses: ['Mcp'] };

/** A role's policy inside the Gatehouse, as a tool's grant makes one. */
const aGrant = (resource: unknown): Readonly<Record<string, Given>> => ({
  Policy: {
    Type: 'AWS::IAM::Policy',
    at: 'Mcp/Functions/mcp/Role/DefaultPolicy/Resource',
    Properties: {
      PolicyDocument: {
        Statement: [{ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: resource }],
      },
    },
  },
});

const ordersArn = {
  'Fn::Sub': [
    'arn:',
    '{AWS::Partition}:dynamodb:',
    '{AWS::Region}:',
    '{AWS::AccountId}:table/orders',
  ].join('$'),
};

const tablesOf = ({ stack, others }: ReturnType<typeof loadApp>) =>
  [stack, ...others].flatMap((each) =>
    each.resources('AWS::DynamoDB::Table').map(({ logicalId }) => each.ref(logicalId)),
  );

describe('the Gatehouse of an app', () => {
  it('is the one that there is', () => {
    const { gatehouse, leftOut, others } = loadApp([aStack('Orders', aGatehouse('Mcp'), mcp)]);
    expect([gatehouse, leftOut, others]).toEqual(['Orders/Mcp', [], []]);
  });

  it('is chosen by its path where there are several', () => {
    const stacks = [
      aStack(
        'Orders',
        { ...aGatehouse('Mcp'), ...aGatehouse('Staff') },
        { gatehouses: ['Mcp', 'Staff'] },
      ),
      aStack('Billing', aGatehouse('Mcp'), mcp),
    ];
    expect(() => loadApp(stacks)).toThrow(
      'The app has 3 Gatehouses. Choose one with --path:\n  Orders/Mcp\n  Orders/Staff\n  Billing/Mcp',
    );
    expect(() => loadApp(stacks, 'Orders')).toThrow(
      'The app has no Gatehouse at Orders. It has:\n  Orders/Mcp\n  Orders/Staff\n  Billing/Mcp',
    );
    const chosen = loadApp(stacks, 'Orders/Staff');
    expect(chosen.stack.resources('AWS::SNS::Topic').map(({ logicalId }) => logicalId)).toEqual([
      'StaffTopic',
    ]);
    expect(chosen.leftOut).toEqual(['the stack Billing']);
  });

  it('is missed with a line that makes one', () => {
    expect(() => loadApp([aStack('Orders', { Files: aBucket('Files') })])).toThrow(
      "The app has no Gatehouse in it. One line makes one: new Gatehouse(this, 'Mcp', { entry: … });",
    );
  });

  it('is refused in a nested stack', () => {
    expect(() =>
      loadApp([aStack('Orders', { Files: aBucket('Files') }, { gatehouses: ['Nested/Mcp'] })]),
    ).toThrow('Orders/Nested/Mcp is in a nested stack, which the local runtime does not emulate.');
  });
});

describe('what else an app deploys', () => {
  it('is left out and named when nothing in the Gatehouse leads to it, without what does nothing on this computer anyway', () => {
    const resources = {
      ...aGatehouse('Mcp'),
      Files: aBucket('Files'),
      FilesPolicy: { Type: 'AWS::S3::BucketPolicy', at: 'Files/Policy/Resource' },
      Worker: {
        Type: 'AWS::Lambda::Function',
        at: 'Worker/Resource',
        Properties: { Environment: { Ref: 'Files' } },
      },
      WorkerRole: { Type: 'AWS::IAM::Role', at: 'Worker/ServiceRole/Resource' },
    };
    const { leftOut, stack } = loadApp([
      aStack('Orders', resources, mcp),
      aStack('Network', { Vpc: { Type: 'AWS::EC2::VPC', at: 'Vpc' } }),
    ]);
    expect(leftOut).toEqual([
      'Orders/Files (AWS::S3::Bucket)',
      'Orders/Worker (AWS::Lambda::Function)',
      'the stack Network',
    ]);
    expect(stack.resources('AWS::Lambda::Function')).toEqual([]);
  });

  it('is left out with sections and attributes that the local runtime could not read', () => {
    const made = { ...aBucket('Files'), UpdatePolicy: {} };
    expect(loadApp([aStack('Orders', { ...aGatehouse('Mcp'), Files: made }, mcp)]).leftOut).toEqual(
      ['Orders/Files (AWS::S3::Bucket)'],
    );
    expect(() =>
      loadApp([
        aStack('Orders', aGatehouse('Mcp'), { ...mcp, Transform: 'AWS::Serverless-2016-10-31' }),
      ]),
    ).toThrow(/^The template of Orders is not what the local runtime can read:[\s\S]*Transform/);
  });

  it.each([
    ['Ref', { Ref: 'Files' }],
    ['Fn::GetAtt', { 'Fn::GetAtt': ['Files', 'Arn'] }],
    ['Fn::Sub', { 'Fn::Sub': ['https://', '{Files.DomainName}/'].join('$') }],
    [
      'Fn::Sub with variables',
      { 'Fn::Sub': [['', '{name}'].join('$'), { name: { Ref: 'Files' } }] },
    ],
    ['Fn::Join around it', { 'Fn::Join': ['-', ['a', { Ref: 'Files' }]] }],
  ])('is emulated or refused when the Gatehouse refers to it: %s', (_, reference) => {
    const resources = { ...aGatehouse('Mcp', reference), Files: aBucket('Files') };
    expect(() => loadApp([aStack('Orders', resources, mcp)])).toThrow(
      "Resource Files has the type AWS::S3::Bucket, which the local runtime does not know. It is not the Gatehouse's own: what leads to it is Orders/Mcp/Topic.",
    );
  });

  it('is left out where that is said on purpose, and what needs it gets its name', () => {
    const reference = { 'Fn::GetAtt': ['Files', 'Arn'] };
    const resources = { ...aGatehouse('Mcp', reference), Files: aBucket('Files') };
    const without = new Set(['Files']);
    const { stack, leftOut } = loadApp([aStack('Orders', resources, mcp)], undefined, { without });
    expect(leftOut).toEqual(['Files (--without)']);
    expect(JSON.stringify(stack.resources('AWS::SNS::Topic'))).toContain('Files.left-out.invalid');
    expect(stack.resources('AWS::S3::Bucket')).toEqual([]);
  });

  it('cannot be left out where there is none', () => {
    const resources = { ...aGatehouse('Mcp'), Files: aBucket('Files') };
    const leaveOut = (logicalId: string) => () =>
      loadApp([aStack('Orders', resources, mcp)], undefined, { without: new Set([logicalId]) });
    expect(leaveOut('Fils')).toThrow(
      '--without Fils: the template has no such resource; the nearest is Files.',
    );
    expect(leaveOut('Xyzzyxyzzy')).toThrow(
      '--without Xyzzyxyzzy: the template has no such resource.',
    );
  });

  it('counts as the Gatehouse’s where nobody knows where it stands', () => {
    const stack = aStack('Orders', { ...aGatehouse('Mcp'), Files: aBucket('Files') }, mcp);
    const constructs = new Map(
      [...stack.constructs].filter(([logicalId]) => logicalId !== 'Files'),
    );
    expect(() => loadApp([{ ...stack, constructs }])).toThrow(
      'Resource Files has the type AWS::S3::Bucket',
    );
  });
});

describe('a table of the app', () => {
  it('is emulated when a reference or a grant leads to it', () => {
    const resources = {
      ...aGatehouse('Mcp', { Ref: 'Named' }),
      Named: aTable('Named'),
      Orders: aTable('Orders', 'orders'),
      Other: aTable('Other', 'x'),
    };
    const app = loadApp([aStack('Shop', { ...resources, ...aGrant(ordersArn) }, mcp)]);
    expect(tablesOf(app).sort()).toEqual(['Shop-Named', 'orders']);
    expect(app.leftOut).toEqual(['Shop/Other (AWS::DynamoDB::Table)']);
  });

  it('is emulated when a grant takes it by a pattern', () => {
    const resources = {
      ...aGatehouse('Mcp'),
      A: aTable('A', 'orders-2025'),
      B: aTable('B', 'stock'),
    };
    expect(
      tablesOf(
        loadApp([
          aStack('Shop', { ...resources, ...aGrant('arn:aws:dynamodb:*:*:table/orders-*') }, mcp),
        ]),
      ),
    ).toEqual(['orders-2025']);
  });

  it('is emulated from another stack, by its name or through what the stack gives out, but not from another stage of the app', () => {
    const output = { Value: { Ref: 'Stock' }, Export: { Name: 'Data:Stock' } };
    const data = aStack(
      'Data',
      { Orders: aTable('Orders', 'orders'), Stock: aTable('Stock'), Files: aBucket('Files') },
      { Outputs: { Out: output } },
    );
    const elsewhere = aStack(
      'Data',
      { Orders: aTable('Orders', 'orders') },
      { folder: 'cdk.out/assembly-Prod' },
    );
    for (const reference of [
      { 'Fn::ImportValue': 'Data:Stock' },
      { 'Fn::GetStackOutput': { StackName: 'Data', OutputName: 'Out' } },
    ]) {
      const app = loadApp([
        elsewhere,
        data,
        aStack('Shop', { ...aGatehouse('Mcp', reference), ...aGrant(ordersArn) }, mcp),
      ]);
      expect(tablesOf(app).sort()).toEqual(['Data-Stock', 'orders']);
      expect(app.stack.resources('AWS::SNS::Topic')).toMatchObject([
        { properties: { TopicName: 'Data-Stock' } },
      ]);
      expect(app.leftOut).toEqual(['the rest of the stack Data']);
    }
  });

  it('is missed by name when the app does not have it', () => {
    expect(
      loadApp([aStack('Shop', { ...aGatehouse('Mcp'), ...aGrant(ordersArn) }, mcp)]).missingTables,
    ).toEqual(['orders']);
  });
});
