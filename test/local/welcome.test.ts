import { describeFailure } from '../../local/failure.ts';
import { welcome } from '../../local/welcome.ts';

const logs = '/orders/.local/logs/domain-3000';

const emulated = {
  mcpUrl: 'http://localhost:3000/mcp',
  publicUrl: 'http://localhost:3000',
  origin: 'http://localhost:3000',
  users: [{ email: 'dev@example.com', password: 'x', sub: 'a-sub' }],
  managedGroups: ['A'],
  urlMode: 'domain' as const,
  stage: { host: 'a1.example', path: '/local' },
  stack: { output: () => 'A note.' },
  table: { endpoint: 'http://localhost:4000' },
  app: { gatehouse: 'Orders/Mcp', leftOut: [], missingTables: [] },
};

describe('the start-up text', () => {
  it.each([
    ['domain', /^URL mode domain: as behind a custom domain/m],
    ['stage', /^URL mode stage: A note\.$/m],
    [
      'cloudfront',
      /^URL mode cloudfront: the distribution stands in front.*\n.*curl -i -H 'Host: a1\.example' http:\/\/localhost:3000\/local\/health/m,
    ],
  ] as const)(
    'starts with the one line that programs wait for, and tells what the URL mode %s is',
    (urlMode, told) => {
      const text = welcome({ ...emulated, urlMode }, 'none', logs);
      expect(text.split('\n')[0]).toBe('Gatehouse is ready: http://localhost:3000/mcp');
      expect(text).toMatch(told);
    },
  );

  it('says who logs in and where the tables are', () => {
    expect(welcome(emulated, 'gatehouse.config.ts, stage "dev"', logs)).toMatch(
      /^Configuration: gatehouse\.config\.ts, stage "dev"$/m,
    );
    expect(welcome(emulated, 'none', logs)).toMatch(
      /who called what\)\n {2}\/orders\/\.local\/logs\/domain-3000\/audit-trail\.jsonl\n/,
    );
    expect(welcome(emulated, 'none', logs)).toMatch(
      /dev@example\.com {3}password: x {3}\(sub: a-sub\)\n[\s\S]*AWS_ENDPOINT_URL_DYNAMODB=http:\/\/localhost:4000\n/,
    );
    expect(welcome(emulated, 'gatehouse.config.ts, stage "dev"', logs)).not.toMatch(
      /Not emulated|does not have/,
    );
  });

  it('names what of an app is not emulated, and the tables that its tools will miss', () => {
    const leftOut = Array.from(
      { length: 14 },
      (_, index) => `Orders/Bucket${index} (AWS::S3::Bucket)`,
    );
    const app = { gatehouse: 'Orders/Mcp', leftOut, missingTables: ['stock'] };
    const text = welcome({ ...emulated, app }, 'none', logs);
    expect(text).toMatch(
      /\nNot emulated, because nothing in Orders\/Mcp leads to it\n {2}- Orders\/Bucket0 \(AWS::S3::Bucket\)\n[\s\S]*Bucket11[^\n]*\n {2}- and 2 more\n/,
    );
    expect(text).toMatch(/the app does not have[^\n]*\n {2}- stock\n/);
  });

  it('names a full disk and other troubles of the computer plainly', () => {
    expect(
      describeFailure(Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' })),
    ).toMatch(/^No space left on the disk/);
    expect(describeFailure(new Error('odd'))).toBe('odd');
  });
});
