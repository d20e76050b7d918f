import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { globalUnicastIpv6, nonPublicNetworks } from '../../policy/networks.ts';

const listOf = (networks: readonly string[], family: 'ipv4' | 'ipv6') => {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    list.addSubnet(address, Number(prefix), family);
  }
  return list;
};

const nonPublic4 = listOf(nonPublicNetworks.ipv4, 'ipv4');
const nonPublic6 = listOf(nonPublicNetworks.ipv6, 'ipv6');
const global6 = listOf([globalUnicastIpv6], 'ipv6');

/**
 * Whether an address lies on the public internet (OAUTH-5). IPv4-mapped, NAT64 and scoped IPv6
 * addresses do not count as such.
 */
export const isPublicAddress = (address: string): boolean =>
  isIPv4(address)
    ? !nonPublic4.check(address, 'ipv4')
    : isIPv6(address) &&
      !address.includes('%') &&
      global6.check(address, 'ipv6') &&
      !nonPublic6.check(address, 'ipv6');
