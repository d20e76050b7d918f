import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readAssembly } from '../../../local/template/assembly.ts';
import { withPort } from '../../../local/template/port.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const folderWith = (files: Readonly<Record<string, unknown>>): string => {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), JSON.stringify(content));
  }
  return folder;
};

const metadata = {
  '/Prod/Orders/Mcp': [{ type: 'gatehouse:construct', data: 'Prod/Orders/Mcp' }],
  '/Prod/Orders/Mcp/Topic/Resource': [{ type: 'aws:cdk:logicalId', data: 'McpTopic' }],
};
const template = {
  Resources: {
    McpTopic: {
      Type: 'AWS::SNS::Topic',
      Properties: { DisplayName: 'http://localhost:65535/mcp' },
    },
  },
};
const stack = (more: object) => ({
  type: 'aws:cloudformation:stack',
  environment: 'aws://111122223333/us-east-1',
  ...more,
  properties: { templateFile: 'Orders.template.json', stackName: 'Prod-Orders' },
});

describe('a cloud assembly', () => {
  it.each([
    [
      'in the manifest, as older CDKs have it',
      { 'manifest.json': { artifacts: { Orders: stack({ metadata }) } } },
    ],
    [
      'in a file of its own',
      {
        'manifest.json': { artifacts: { Orders: stack({ additionalMetadataFile: 'm.json' }) } },
        'm.json': metadata,
      },
    ],
  ])('tells where each resource stands, with the metadata %s', (_, files) => {
    const [read, ...more] = readAssembly(
      folderWith({ 'Orders.template.json': template, ...files }),
      withPort(3000),
    );
    expect(more).toEqual([]);
    expect(read).toMatchObject({
      deployment: {
        stackName: 'Prod-Orders',
        account: '111122223333',
        region: 'us-east-1',
        partition: 'aws',
      },
      constructs: new Map([['McpTopic', ['Prod/Orders/Mcp/Topic/Resource']]]),
      gatehouses: ['Prod/Orders/Mcp'],
      template: {
        Resources: { McpTopic: { Properties: { DisplayName: 'http://localhost:3000/mcp' } } },
      },
    });
  });

  it('has the stacks of its stages too', () => {
    const folder = folderWith({
      'manifest.json': {
        artifacts: {
          'assembly-Prod': {
            type: 'cdk:cloud-assembly',
            properties: { directoryName: 'assembly-Prod' },
          },
        },
      },
      'assembly-Prod/manifest.json': { artifacts: { Orders: stack({ metadata }) } },
      'assembly-Prod/Orders.template.json': template,
    });
    expect(readAssembly(folder)).toMatchObject([
      { folder: join(folder, 'assembly-Prod'), gatehouses: ['Prod/Orders/Mcp'] },
    ]);
  });

  it.each([
    [
      'aws://unknown-account/unknown-region',
      {
        account: '123456789012',
        region: 'eu-west-1',
        partition: 'aws',
        urlSuffix: 'amazonaws.com',
      },
    ],
    ['aws://111122223333/unknown-region', { account: '111122223333', region: 'eu-west-1' }],
    [
      'aws://unknown-account/cn-north-1',
      { region: 'cn-north-1', partition: 'aws-cn', urlSuffix: 'amazonaws.com.cn' },
    ],
  ])(
    'is deployed where the app says, and where it says nothing in the local runtime’s own place: %s',
    (environment, deployment) => {
      const artifacts = { Orders: { ...stack({ metadata }), environment } };
      expect(
        readAssembly(
          folderWith({ 'manifest.json': { artifacts }, 'Orders.template.json': template }),
        ),
      ).toMatchObject([{ deployment }]);
    },
  );

  it('that is not complete is refused', () => {
    expect(() => readAssembly(folderWith({}))).toThrow(
      /manifest\.json is missing: the synthesis did not finish/,
    );
  });
});
