import { App, Stack } from 'aws-cdk-lib/core';
import { readConfiguration } from '../../lib/configuration.ts';
import { laptopOf, markForLaptop, onLaptop } from '../../lib/laptop.ts';
import { laptop } from '../../policy/laptop.ts';
import { withDomain } from './synthesized.ts';

const appWith = (context: Record<string, unknown>): App => new App({ context });

describe('a synthesis for the laptop', () => {
  test('is told by the context alone', () => {
    expect(laptopOf(appWith({}))).toBeUndefined();
    expect(laptopOf(appWith({ [laptop.contextKey]: { urlMode: 'stage', port: 65_535 } }))).toEqual({
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
    expect(() => laptopOf(appWith({ [laptop.contextKey]: context }))).toThrow(
      'The context key "gatehouse:laptop" is for the laptop\'s command alone: take it out of cdk.json and -c.',
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
      expect(onLaptop(chosen, { urlMode, port: 1 })).toEqual({
        ...chosen,
        ...{ urlMode, stage: 'local', environment: 'development', domain: undefined },
      });
    },
  );

  test('marks the construct for the laptop to find', () => {
    const stack = new Stack(appWith({}), 'Platform');
    markForLaptop(stack);
    expect(stack.node.metadata).toContainEqual(
      expect.objectContaining({ type: 'gatehouse:construct', data: 'Platform' }),
    );
  });
});
