/**
 * What the stack adds to the function's role for one tool. Declared beside the tool, so that
 * whoever reviews the tool reviews the permission.
 */
export interface Permission {
  /** IAM actions, without wildcards: `dynamodb:GetItem`. */
  readonly actions: readonly string[];
  /**
   * `table` is Gatehouse's own table; anything else is a full ARN, in which `${AWS::Partition}`,
   * `${AWS::Region}` and `${AWS::AccountId}` stand for the deployment's own.
   */
  readonly resource: 'table' | `arn:${string}`;
  /**
   * Only for the table: the partition keys in reach, as in `user#*` (IAM condition
   * `dynamodb:LeadingKeys`).
   */
  readonly leadingKeys?: readonly string[];
}
