import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFunctions } from '../../../local/lambda/functions.ts';
import { deploymentIn } from '../../../local/template/deployment.ts';
import { loadStack } from '../../../local/template/stack.ts';
import { templateSchema } from '../../../local/template/template.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

/** A stack with one function, whose asset has the given file. */
const read = (file: string) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, file), 'export const handler = () => {};');
  const properties = {
    Code: { S3Bucket: 'assets', S3Key: 'a.zip' },
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Role: 'arn:aws:iam::123456789012:role/worker',
  };
  const stack = loadStack({
    deployment: deploymentIn(undefined, 'Orders'),
    template: templateSchema.parse({
      Resources: { Worker: { Type: 'AWS::Lambda::Function', Properties: properties } },
    }),
    assetFolder: () => folder,
  });
  return readFunctions({
    stack,
    routes: [],
    clock: new SharedArrayBuffer(8),
    onLine: () => {},
    record: () => {},
    environment: (_, variables) => variables,
  });
};

describe('the functions of a template', () => {
  it('are found by their ARNs', () => {
    expect([...read('index.mjs').keys()]).toEqual([
      'arn:aws:lambda:eu-west-1:123456789012:function:Orders-Worker',
    ]);
  });

  it('are refused without the module that runs here, as when an app’s synthesis has not bundled it', () => {
    expect(() => read('index.ts')).toThrow(
      'Worker: there is no index.mjs in its code, and nothing else is run here.',
    );
  });
});
