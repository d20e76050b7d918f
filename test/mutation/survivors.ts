/**
 * Mutants that no test can notice, or need not, each with the reason. A mutant is named by what
 * stands in the file: a changed line takes its entry with it.
 */
export interface AcceptedSurvivor {
  readonly file: string;
  /** The source line that is changed, trimmed. */
  readonly line: string;
  readonly mutator: string;
  readonly reason: string;
}

export const acceptedSurvivors: readonly AcceptedSurvivor[] = [];
