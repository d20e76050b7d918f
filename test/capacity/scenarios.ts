import { trustedNetworkRequestsPerMinute } from '../../policy/limits.ts';
import { type Arrival, type Outcome, random, simulate } from './arrivals.ts';
import { hosted, morning, people, sessionStart, wave } from './assumptions.ts';
import type { OwnLimits } from './quotas.ts';

/** A burst, and what becomes of it. */
export interface Scenario {
  readonly name: string;
  readonly arrivals: (users: number) => readonly Arrival[];
  /** What one address may do in a minute. */
  readonly addressPerMinute: (limits: OwnLimits) => number;
  /** With `advised` in place of what is deployed. */
  readonly isAdvised?: true;
}

/** What a deployment for 100,000 people should say in its configuration. */
export const advised = {
  methodThrottles: {
    default: { ratePerSecond: 2000, burst: 4000 },
    mcp: { ratePerSecond: 3000, burst: 5000 },
  },
  profileThrottle: { ratePerSecond: 250, burst: 500 },
  trustedNetworkRequestsPerMinute: 2000,
  hostedRequestsPerMinute: 20_000,
} as const;

const seed = 20261126;

const sessions = (users: number): readonly Arrival[] => {
  const chance = random(seed);
  return Array.from({ length: users }, (_, user) => {
    const begins = chance() * morning.seconds;
    const address = Math.floor(user / morning.usersPerOffice);
    const requests = sessionStart.metadataRequests + sessionStart.mcpRequests;
    return Array.from({ length: requests }, (_, index): Arrival => {
      const endpoint = index < sessionStart.metadataRequests ? 'metadata' : 'mcp';
      return { at: begins + (index * sessionStart.seconds) / requests, user, address, endpoint };
    });
  }).flat();
};

const callsOfServers = (users: number): readonly Arrival[] => {
  const chance = random(seed);
  const minutes = hosted.seconds / 60;
  const count = Math.round(users * people.activeShare * people.callsPerActiveMinute * minutes);
  return Array.from({ length: count }, () => ({
    at: chance() * hosted.seconds,
    user: Math.floor(chance() * users),
    address: Math.floor(chance() * hosted.addresses),
    endpoint: 'mcp' as const,
  }));
};

const refreshes = (users: number): readonly Arrival[] => {
  const chance = random(seed);
  return Array.from({ length: Math.round(users * people.activeShare) }, (_, user) => ({
    at: chance() * wave.seconds,
    user,
    // Everybody at home: behind an address of their own.
    address: user,
    endpoint: 'token' as const,
  }));
};

const plain = {
  morning: 'sessions that begin at nine',
  hosted: 'a hosted client’s servers',
  wave: 'everybody refreshes after an outage',
} as const;

export const scenarios: readonly Scenario[] = [
  {
    name: `${plain.morning}, offices unknown`,
    arrivals: sessions,
    addressPerMinute: ({ perAddressMinute }) => perAddressMinute,
  },
  {
    name: `${plain.morning}, offices in \`trustedNetworks\``,
    arrivals: sessions,
    addressPerMinute: () => trustedNetworkRequestsPerMinute,
  },
  {
    name: plain.hosted,
    arrivals: callsOfServers,
    addressPerMinute: ({ perAddressOfClientMinute }) => perAddressOfClientMinute,
  },
  {
    name: plain.wave,
    arrivals: refreshes,
    addressPerMinute: ({ perAddressMinute }) => perAddressMinute,
  },
  {
    name: `${plain.morning}, as advised`,
    arrivals: sessions,
    addressPerMinute: () => advised.trustedNetworkRequestsPerMinute,
    isAdvised: true,
  },
  {
    name: `${plain.hosted}, as advised`,
    arrivals: callsOfServers,
    addressPerMinute: () => advised.hostedRequestsPerMinute,
    isAdvised: true,
  },
  {
    name: `${plain.wave}, as advised`,
    arrivals: refreshes,
    addressPerMinute: ({ perAddressMinute }) => perAddressMinute,
    isAdvised: true,
  },
];

export const run = (scenario: Scenario, users: number, limits: OwnLimits): Outcome => {
  const { mcp, default: others } = advised.methodThrottles;
  const changed = scenario.isAdvised && {
    mcpMethod: mcp,
    otherMethods: others,
    share: advised.profileThrottle,
  };
  return simulate(scenario.arrivals(users), {
    ...limits,
    ...changed,
    addressPerMinute: scenario.addressPerMinute(limits),
  });
};
