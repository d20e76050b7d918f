import {
  deployedPolicy,
  differences,
  publicProfiles,
} from '../../../../lambdas/mcp/default-server/configured-policy.ts';
import { clientProfiles } from '../../../../policy/clients.ts';
import { lifetimes } from '../../../../policy/lifetimes.ts';
import { addressLimits, methodThrottles } from '../../../../policy/limits.ts';

const chosen = {
  clients: publicProfiles(clientProfiles),
  addressLimits,
  methodThrottles,
  lifetimes,
};

it('is the policy where a configuration chose nothing', () => {
  expect(deployedPolicy).toEqual(chosen);
  expect(differences(chosen)).toEqual({});
});

it('holds what a configuration chose, and that alone', () => {
  const own = { ...lifetimes, logRetentionDays: 30 };
  expect(differences({ ...chosen, lifetimes: own })).toEqual({ lifetimes: own });
});

it('says of a client what its users are held to, and nothing of where it comes from', () => {
  expect(deployedPolicy.clients['claude']).toEqual({
    title: expect.any(String),
    loopback: expect.any(Boolean),
    scopes: expect.any(Array),
    accessTokenMinutes: expect.any(Number),
    refreshTokenDays: expect.any(Number),
    throttle: expect.any(Object),
  });
});
