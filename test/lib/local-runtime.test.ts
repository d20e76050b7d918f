import { type App, Stack } from 'aws-cdk-lib/core';
import { readConfiguration } from '../../lib/configuration.ts';
import { forLocalRuntime, localRuntimeOf, markForLocalRuntime } from '../../lib/local-runtime.ts';
import { localRuntime } from '../../policy/local-runtime.ts';
import { withDomain } from './synthesized.ts';
import { testApp } from './test-app.ts';

const appWith = (context: Record<string, unknown>): App => testApp({ context });

describe('a synthesis for the local runtime', () => {
  test('is told by the context alone', () => {
    expect(localRuntimeOf(appWith({}))).toBeUndefined();
    expect(
      localRuntimeOf(appWith({ [localRuntime.contextKey]: { urlMode: 'stage', port: 65_535 } })),
    ).toEqual({
      urlMode: 'stage',
      port: 65_535,
    });
  });

  test.each([
    true,
    '{}',
    { urlMode: 'domain' },
    { urlMode: 'domain', port: 0 },
    { urlMode: 'domain', port: 1, environment: 'production' },
  ])('refuses %j, which no command of ours gives', (context) => {
    expect(() => localRuntimeOf(appWith({ [localRuntime.contextKey]: context }))).toThrow(
      'The context key "gatehouse:local-runtime" is for the local runtime\'s command alone: take it out of cdk.json and -c.',
    );
  });

  test.each(['domain', 'stage', 'cloudfront'] as const)(
    'keeps what was chosen, but for where it is reached: %s',
    (urlMode) => {
      const chosen = readConfiguration({
        ...withDomain,
        stage: 'live',
        environment: 'production',
        profiles: [{ name: 'julius', enabled: false }],
        allowedOrigins: ['https://app.example.com'],
      });
      expect(forLocalRuntime(chosen, { urlMode, port: 1 })).toEqual({
        ...chosen,
        urlMode,
        stage: 'local',
        environment: 'development',
        domain: undefined,
      });
    },
  );

  test('marks the construct for the local runtime to find', () => {
    const stack = new Stack(appWith({}), 'Platform');
    markForLocalRuntime(stack);
    expect(stack.node.metadata).toContainEqual(
      expect.objectContaining({ type: 'gatehouse:construct', data: 'Platform' }),
    );
  });
});
