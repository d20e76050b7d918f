import { StartupFailure } from '../../../local/failure.ts';
import { lineFilter } from '../../../local/logs/filter-pattern.ts';

const takes = (pattern: string, line: unknown) =>
  lineFilter(pattern, 'A.FilterPattern')(typeof line === 'string' ? line : JSON.stringify(line));

describe('a filter pattern', () => {
  it.each([
    ['{ $.trail = "*" }', { trail: 'call' }, true],
    ['{ $.trail = "*" }', { event: 'call' }, false],
    ['{ $.trail = "*" }', { trail: 7 }, false],
    ['{ $.trail = "call" }', { trail: 'login' }, false],
    ['{ $.trail = "log*" || $.event = "x" }', { event: 'x' }, true],
    ['{ $.trail = "*" }', 'START {', false],
    ['{ $.trail = "*" }', '{ not JSON', false],
    ['', 'anything', true],
  ] as const)('%s of %p: %p', (pattern, line, expected) => {
    expect(takes(pattern, line)).toBe(expected);
  });

  it.each(['{ $.status > 499 }', 'ERROR', '{ $.a = "1" && $.b = "2" }', '{ }'])(
    '%s is refused, and not taken for another',
    (pattern) => {
      expect(() => takes(pattern, '')).toThrow(StartupFailure);
    },
  );
});
