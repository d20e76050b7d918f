import * as z from 'zod';
import type { Action } from '../iam/role-policy.ts';
import { namedAttributes } from './named-attributes.ts';

const attributes = z.record(z.string(), z.record(z.string(), z.unknown()));

const request = z.looseObject({
  TableName: z.string(),
  IndexName: z.string().optional(),
  Key: attributes.optional(),
  Item: attributes.optional(),
  KeyConditionExpression: z.string().optional(),
  UpdateExpression: z.string().optional(),
  ConditionExpression: z.string().optional(),
  ProjectionExpression: z.string().optional(),
  ExpressionAttributeNames: z.record(z.string(), z.string()).default({}),
  ExpressionAttributeValues: attributes.default({}),
});

interface Keyed {
  readonly arn: string;
  readonly partitionKey: string;
}

const text = (attribute: Readonly<Record<string, unknown>> | undefined): string | undefined => {
  const [value] = Object.values(attribute ?? {});
  return value === undefined ? undefined : String(value);
};

/**
 * What a request asks for, as IAM sees it; undefined where it names no table that there is, which
 * is dynalite's to refuse.
 */
export const actionOf = (
  operation: string,
  body: unknown,
  tables: ReadonlyMap<string, Keyed>,
): Action | undefined => {
  const requested = request.safeParse(body);
  const table = requested.success ? tables.get(requested.data.TableName) : undefined;
  if (!requested.success || table === undefined) return undefined;
  const {
    IndexName,
    Key,
    Item,
    KeyConditionExpression,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
    UpdateExpression,
    ConditionExpression,
    ProjectionExpression,
  } = requested.data;
  const attributes = namedAttributes(
    [UpdateExpression, ConditionExpression, ProjectionExpression],
    names,
    [Key, Item],
  );
  // An index is a resource of its own, by a key of its own: which one is not known here, so a
  // condition on keys refuses it.
  if (IndexName !== undefined)
    return { action: `dynamodb:${operation}`, resource: `${table.arn}/index/${IndexName}` };
  const equals = /([#\w.]+)\s*=\s*(:\w+)/g;
  const queried = [...(KeyConditionExpression ?? '').matchAll(equals)].find(
    ([, name = '']) => (names[name] ?? name) === table.partitionKey,
  )?.[2];
  const key =
    text((Key ?? Item)?.[table.partitionKey]) ??
    (queried === undefined ? undefined : text(values[queried]));
  return {
    action: `dynamodb:${operation}`,
    resource: table.arn,
    ...(key !== undefined && { leadingKeys: [key] }),
    ...(attributes.length > 0 && { attributes }),
  };
};
