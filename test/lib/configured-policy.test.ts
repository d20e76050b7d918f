import { deployedPolicy } from '../../lambdas/mcp/default-server/deployed-policy.ts';
import { configuredPolicy } from '../../lib/configured-policy.ts';
import { clientProfiles } from '../../policy/clients.ts';
import { lifetimes } from '../../policy/lifetimes.ts';
import { addressLimits, methodThrottles } from '../../policy/limits.ts';

const chosen = { profiles: clientProfiles, addressLimits, methodThrottles, lifetimes };

test('where a configuration chose nothing, the policy is in force, and nothing has to be said', () => {
  expect(configuredPolicy(chosen)).toEqual({});
  expect(deployedPolicy).toMatchObject({ addressLimits, methodThrottles, lifetimes });
});

test('what a configuration chose is said, and that alone, under the name that the posture reads', () => {
  const own = { ...lifetimes, logRetentionDays: 30 };
  expect(configuredPolicy({ ...chosen, lifetimes: own })).toEqual({ lifetimes: own });
  const fewer = configuredPolicy({ ...chosen, profiles: clientProfiles.slice(0, 1) });
  expect(fewer).toEqual({ clients: { claude: expect.anything() } });
  const all = configuredPolicy({
    profiles: [],
    addressLimits: [],
    methodThrottles: {},
    lifetimes: {},
  });
  expect(Object.keys(all).sort()).toEqual(Object.keys(deployedPolicy).sort());
});

test('of a client it is what its users are held to, and nothing of where it comes from', () => {
  const { clients } = configuredPolicy({ ...chosen, profiles: clientProfiles.slice(0, 1) });
  expect(clients).toEqual({
    claude: {
      title: expect.any(String),
      loopback: expect.any(Boolean),
      scopes: expect.any(Array),
      accessTokenMinutes: expect.any(Number),
      refreshTokenDays: expect.any(Number),
      throttle: expect.any(Object),
    },
  });
  expect(deployedPolicy.clients).toMatchObject(Object(clients));
});
