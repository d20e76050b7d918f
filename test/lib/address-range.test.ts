import { addressRange, isWithin } from '../../lib/address-range.ts';
import { readConfiguration } from '../../lib/configuration.ts';
import { clientProfiles } from '../../policy/clients.ts';

const reasonOf = (range: string): string | undefined =>
  addressRange.safeParse(range).error?.issues[0]?.message;

describe('a range of addresses', () => {
  test.each([
    ['203.0.113.0/24', '203.0.113.0/24'],
    ['203.0.113.7/32', '203.0.113.7/32'],
    ['128.0.0.0/1', '128.0.0.0/1'],
    ['203.0.112.0/21', '203.0.112.0/21'],
    ['2001:db8::/32', '2001:db8::/32'],
    ['2001:0DB8:0:0::/32', '2001:db8::/32'],
    ['2000::/3', '2000::/3'],
    ['8000::/1', '8000::/1'],
    ['2001:db8:0:1::/64', '2001:db8:0:1::/64'],
  ])('%s is taken, and written %s', (given, written) => {
    expect(addressRange.parse(given)).toBe(written);
    expect(addressRange.parse(written)).toBe(written);
  });

  test.each([
    ['0.0.0.0/0', 'is no range of /1 to /32'],
    ['::/0', 'is no range of /1'],
    ['2001:db8::1/128', 'or of /1 to /64 for IPv6'],
    ['203.0.113.5', 'is not an address range'],
    ['010.0.0.0/8', 'is not an address range'],
    [' 203.0.113.0/24', 'is not an address range'],
    // What AWS WAF says of it: "The parameter contains formatting that is not valid."
    [
      '195.178.188.66/29',
      'goes beyond its /29, which AWS WAF refuses: the whole range is 195.178.188.64/29',
    ],
    ['129.0.0.0/1', 'the whole range is 128.0.0.0/1'],
    ['2001:db8::1/64', 'the whole range is 2001:db8::/64'],
    ['2001:db8:ffff::/33', 'the whole range is 2001:db8:8000::/33'],
    ['::ffff:203.0.113.5/64', 'the whole range is ::/64'],
  ])('%s is refused: it %s', (range, reason) => {
    expect(reasonOf(range)).toContain(reason);
  });

  test.each([
    ['203.0.113.0/24', '203.0.0.0/16', true],
    ['203.0.113.0/24', '203.0.113.0/24', true],
    ['203.0.0.0/16', '203.0.113.0/24', false],
    ['203.1.0.0/24', '203.0.0.0/16', false],
    ['2001:db8:1::/48', '2001:db8::/32', true],
    ['2001:db9::/48', '2001:db8::/32', false],
    ['::/32', '0.0.0.0/8', false],
  ])('%s within %s: %s', (inner, outer, expected) => {
    expect(isWithin(inner, outer)).toBe(expected);
  });
});

test.each([
  ['trustedNetworks', { trustedNetworks: [{ ranges: ['0.0.0.0/0'] }] }],
  [
    'egress',
    { profiles: [{ name: 'claude', egress: { ranges: ['10.0.0.1/8'], requestsPerMinute: 10 } }] },
  ],
  ['blockedAddresses', { blockedAddresses: ['10.0.0.1/8'] }],
  ['allowedAddresses', { allowedAddresses: ['10.0.0.1/8'] }],
])('%s of the configuration are such ranges', (key, configuration) => {
  expect(() => readConfiguration(configuration)).toThrow(key);
});

test('the known egress of client profiles is made of such ranges', () => {
  const ranges = clientProfiles.flatMap((profile) =>
    'egress' in profile ? profile.egress.ranges : [],
  );
  expect(ranges.map((range) => addressRange.parse(range))).toEqual(ranges);
  expect(ranges).not.toEqual([]);
});

describe('addresses that are allowed and blocked', () => {
  const read = (allowedAddresses: string[], blockedAddresses: string[]) => () =>
    readConfiguration({ allowedAddresses, blockedAddresses });

  test('leave somebody who can connect', () => {
    expect(read(['203.0.113.0/24', '198.51.100.0/24'], ['203.0.0.0/16'])).not.toThrow();
    expect(read(['203.0.0.0/16'], ['203.0.113.0/24'])).not.toThrow();
    expect(read([], ['203.0.113.0/24'])).not.toThrow();
    expect(read(['203.0.113.0/24'], ['203.0.0.0/16'])).toThrow(
      'allowedAddresses: are all in "blockedAddresses": nobody could connect',
    );
  });
});
