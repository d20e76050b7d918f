/** A room whose checks must notice a changed program, and the tests that are asked. */
export interface MutatedRoom {
  /** Files that are changed, as Stryker's globs. */
  readonly mutate: readonly string[];
  /** Jest's `testMatch`, from the root: unit tests in memory, nothing that starts a runtime. */
  readonly tests: readonly string[];
}

/** A handler only wires its room to the environment: the end-to-end tests hold it. */
const withoutHandler = (room: string) => [
  `lambdas/${room}/**/*.ts`,
  `!lambdas/${room}/handler.ts`,
  `!lambdas/${room}/settings.ts`,
];

const ofLogin = [
  'test/lambdas/oauth/**/*.test.ts',
  'test/lambdas/authorization/**/*.test.ts',
  'test/lambdas/token/**/*.test.ts',
  // Without the enumeration of the races, which takes ten seconds for each mutant.
  'test/lambdas/store/**/!(races).test.ts',
  'test/lambdas/registration/**/*.test.ts',
];

export const mutatedRooms: Readonly<Record<string, MutatedRoom>> = {
  'user-limit': {
    mutate: withoutHandler('user-limit'),
    tests: ['test/lambdas/user-limit/**/*.test.ts'],
  },
  authorizer: {
    mutate: withoutHandler('authorizer'),
    tests: ['test/lambdas/authorizer/**/*.test.ts'],
  },
  'access-token': {
    mutate: withoutHandler('access-token'),
    tests: ['test/lambdas/access-token/**/*.test.ts'],
  },
  store: {
    mutate: withoutHandler('store'),
    tests: ['test/lambdas/user-limit/**/*.test.ts', ...ofLogin],
  },
  oauth: { mutate: withoutHandler('oauth'), tests: ofLogin },
  authorization: { mutate: withoutHandler('authorization'), tests: ofLogin },
  token: { mutate: withoutHandler('token'), tests: ofLogin },
};

/** Of the mutants that a test could notice, how many per cent must be noticed. */
export const leastKilledPercent = 90;
