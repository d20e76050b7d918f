import { readArguments, usage } from '../../local/arguments.ts';

const here = { name: 'npm start --' };
const there = { name: 'npx gatehouse start', app: '/app' };

describe('the arguments', () => {
  it('have a port from --port, else PORT, else 3000', () => {
    const port = (argv: readonly string[], environment = {}) =>
      readArguments(here, argv, environment).port;
    expect([port(['--port', '1'], { PORT: '2' }), port([], { PORT: '2' }), port([])]).toEqual([
      1, 2, 3000,
    ]);
  });

  it('say of an app which Gatehouse, and give it context as the CDK CLI does', () => {
    expect(
      readArguments(
        there,
        ['--path', 'Orders/Mcp', '-c', 'tier=dev', '--context', 'a=b=c', '--url-mode', 'stage'],
        {},
      ),
    ).toEqual({
      urlMode: 'stage',
      port: 3000,
      path: 'Orders/Mcp',
      context: { tier: 'dev', a: 'b=c' },
      without: [],
      fresh: false,
      json: false,
      quiet: false,
      help: false,
    });
  });

  it.each([
    [there, ['-c', 'tier'], '--context is "tier": take key=value.'],
    [there, ['--prot', '3001'], /Did you mean --port\? \(see npx gatehouse start --help\)$/],
    [there, ['--stack', 'a'], /^Unknown option '--stack'.* \(see npx gatehouse start --help\)$/],
    [
      here,
      ['--path', 'Orders/Mcp'],
      /^--path is for apps that use the package.* \(see npm start -- --help\)$/,
    ],
    [
      here,
      ['--groups', 'finance,,sales'],
      '--groups: "" is not the name of a group: 1 to 128 characters, no spaces at its ends.',
    ],
    [here, ['--url-mode', 'ftp'], '--url-mode is ftp: take domain, stage or cloudfront.'],
  ])('%j refuses %j', (command, argv, message) => {
    expect(() => readArguments(command, argv, {})).toThrow(message);
  });

  it('take context here too, and what is left out', () => {
    expect(
      readArguments(here, ['-c', 'stage=dev', '--without', 'Bucket', '--without', 'Queue'], {}),
    ).toMatchObject({ context: { stage: 'dev' }, without: ['Bucket', 'Queue'] });
  });

  it('say which groups the demo user is in', () => {
    expect(readArguments(here, ['--groups', 'finance,Domain Admins'], {})).toMatchObject({
      groups: ['finance', 'Domain Admins'],
    });
  });

  it('are explained, an app’s beside the others', () => {
    expect(usage(here)).toMatch(/^npm start -- \[options\]\n[\s\S]*--url-mode/);
    expect(usage(here)).not.toContain('--path');
    expect(usage(there)).toMatch(
      /^npx gatehouse start \[options\]\n[\s\S]*--port[\s\S]*--path[\s\S]*--context[\s\S]*--json/,
    );
  });
});
