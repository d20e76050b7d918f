import { endpointRows } from '../../policy/endpoints.ts';
import { repeatedPaths } from './policy-paths.ts';
import { filesUnder } from './tracked-files.ts';

// A slash alone is no name: every path has one.
const paths = endpointRows.map(({ path }) => path).filter((path) => path !== '/');

describe('paths stand in policy/endpoints alone', () => {
  test('no code repeats one', () => {
    const files = filesUnder('lib', 'lambdas', 'local', 'bin');
    expect(files.length).toBeGreaterThan(200);
    expect(repeatedPaths(files, paths)).toEqual([]);
  });

  test('one that is repeated is found', () => {
    const found = (text: string) => repeatedPaths([{ path: 'a.ts', text }], paths);
    expect(found("if (path === '/token') go();")).toEqual(["a.ts:1: if (path === '/token') go();"]);
    expect(found('fetch(`${issuer}/register`);')).toHaveLength(1);
    expect(found('fetch(`${issuer}/authorize?x=1`);')).toHaveLength(1);
    expect(found('// `/token` takes forms.\nfetch(`${domain}/oauth2/token`);')).toEqual([]);
  });
});
