import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeClock } from '../../../local/lambda/clock.ts';
import { type InvocationRecord, LambdaFunction } from '../../../local/lambda/function.ts';
import type { InstanceSettings } from '../../../local/lambda/instance.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

/** A function from the text of its bundle, with what it logged and a record of its invocations. */
export const makeFunction = (bundle: string, settings: Partial<InstanceSettings> = {}) => {
  const module = join(temporaryFolder(), 'index.mjs');
  writeFileSync(module, bundle);
  const lines: string[] = [];
  const invocations: InvocationRecord[] = [];
  const lambda = new LambdaFunction(
    {
      module,
      handler: 'handler',
      functionName: 'probe',
      functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:probe',
      memoryMegabytes: 128,
      logGroupName: '/aws/lambda/probe',
      logStreamName: 'local',
      routes: [],
      clock: makeClock().shared,
      environment: {},
      timeoutSeconds: 5,
      onLine: (line) => lines.push(line),
      ...settings,
    },
    (record) => invocations.push(record),
  );
  return { lambda, lines, invocations };
};
