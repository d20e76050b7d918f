/** Who may use a tool, prompt or resource, of those who may log in. */
export interface Access {
  /**
   * The members of any of these groups: groups of the user pool, or those that the company's own
   * provider names (docs/company.md). To all others the definition does not exist.
   */
  readonly groups: readonly string[];
}

/** Only what is there. */
export const limitedTo = ({
  access,
}: {
  readonly access?: Access;
}): { readonly access?: Access } => (access === undefined ? {} : { access });
