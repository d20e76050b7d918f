import { BlockList, isIP } from 'node:net';

/** A set of CIDR ranges of one family or both. */
export interface AddressSet {
  readonly contains: (address: string) => boolean;
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** @throws when a range is malformed. */
export const addressSet = (ranges: readonly string[]): AddressSet => {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', bits = ''] = range.split('/');
    list.addSubnet(network, Number(bits), familyOf(network));
  }
  return { contains: (address) => isIP(address) !== 0 && list.check(address, familyOf(address)) };
};
