import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const protocol = join(import.meta.dirname, '..', '..', '..', '..', 'lambdas', 'mcp', 'protocol');

it('the protocol is read in one sitting: 700 lines at most', () => {
  const lines = readdirSync(protocol).map((file) => readFileSync(join(protocol, file), 'utf8').split('\n').length - 1);
  expect(lines.reduce((sum, each) => sum + each)).toBeLessThanOrEqual(700);
});
