/** One place of the program, and what stands there when the fault is planted. */
interface Edit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** A control taken out of the program, and the test that has to go red for it. */
export interface Sabotage {
  readonly fault: string;
  /** Several where a fault has to get past more than one line of defence. */
  readonly edits: readonly Edit[];
  readonly testFile: string;
  /** A part of its full name. */
  readonly test: string;
}

export const sabotages: readonly Sabotage[] = [
  {
    fault: 'the rule of access beside a tool is dropped',
    edits: [
      {
        file: 'lambdas/mcp/manifest/access.ts',
        from: "audience: access === undefined ? 'everybody' : access.groups,",
        to: "audience: 'everybody',",
      },
    ],
    testFile: 'test/lambdas/mcp/protocol/access.test.ts',
    test: 'the lists of two people side by side',
  },
  {
    // The token itself says whose it is, in each of the three places that ask the app client.
    fault: "a machine's token is taken for a user's",
    edits: [
      {
        file: 'lambdas/access-token/claims.ts',
        from: 'machines.has(client_id) ? claimsOfMachine(claims)',
        to: "claims['username'] === undefined ? claimsOfMachine(claims)",
      },
      {
        file: 'lambdas/access-token/claims.ts',
        from: 'if (!(isMachine ? isOfItself(claims) : hasAudience(claims, expected)))',
        to: 'if (!(claims.aud === undefined || hasAudience(claims, expected)))',
      },
      {
        file: 'lambdas/access-token/pool-token-verifier.ts',
        from: 'const options = this.#machines.has(client_id)',
        to: 'const options = this.#machines.has(client_id) || aud === undefined',
      },
    ],
    testFile: 'test/lambdas/access-token/claims.test.ts',
    test: 'a machine’s token is refused as a user’s of the app client of a profile',
  },
  {
    fault: 'the audit trail has plain subjects without the switch',
    edits: [
      {
        file: 'lambdas/logging/trail.ts',
        from: "if (sub !== undefined && subjects === 'plain') line.subject = sub;",
        to: 'if (sub !== undefined) line.subject = sub;',
      },
    ],
    testFile: 'test/lambdas/logging/trail.test.ts',
    test: 'holds no plain subject without the switch',
  },
  {
    fault: 'an existing user pool is replaced by one of the stack',
    edits: [
      {
        file: 'lib/identity/identity.ts',
        from: 'const existing = isLocal ? undefined : settings.userPool;',
        to: 'const existing = isLocal || settings.userPool ? undefined : settings.userPool;',
      },
    ],
    testFile: 'test/lib/identity/existing-pool.test.ts',
    test: 'is neither made, nor changed, nor guarded in the place of its owner',
  },
];
