/**
 * OAUTH-5: networks that a metadata document is never fetched from, whatever a name resolves to.
 * From the IANA special-purpose registries (RFC 6890): private, loopback, link-local, carrier-grade
 * NAT, cloud metadata, documentation, multicast, reserved.
 */
export const nonPublicNetworks = {
  ipv4: [
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    // Link-local, and with it 169.254.169.254 (instance metadata) and 169.254.170.2 (task
    // credentials).
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.0.0.0/24',
    '192.0.2.0/24',
    '192.31.196.0/24',
    '192.52.193.0/24',
    '192.88.99.0/24',
    '192.168.0.0/16',
    '192.175.48.0/24',
    '198.18.0.0/15',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '224.0.0.0/4',
    '240.0.0.0/4',
  ],
  // Inside the global unicast range; everything outside that is refused anyway (IPv4-mapped, NAT64,
  // unique local, link-local, ...).
  ipv6: ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'],
} as const;

/**
 * The only IPv6 range that the public internet uses (IANA IPv6 global unicast address assignments).
 */
export const globalUnicastIpv6 = '2000::/3';
