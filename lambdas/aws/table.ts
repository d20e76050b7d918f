import * as z from 'zod/mini';
import { sizes, timeouts } from '../../policy/limits.ts';
import { OutboundRequestFailed } from '../http/outbound-request.ts';
import { whenNeeded } from '../http/when-needed.ts';
import {
  type AttributeValue,
  type Item,
  readMember,
  toAttribute,
  toAttributes,
  type Value,
  wireItem,
} from './attribute-value.ts';
import { type ServiceCall, signedRequest } from './signed-request.ts';
import {
  ConditionFailed,
  type TableError,
  TableRefused,
  TableThrottled,
  TableUnreachable,
} from './table-error.ts';

export type { Item, Value } from './attribute-value.ts';
export * from './table-error.ts';

/** Placeholders of DynamoDB expressions: `#name` in `names`, `:value` in `values`. */
export interface Expression {
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, Value>>;
}

export interface Condition extends Expression {
  /** Condition expression (DynamoDB developer guide, "Condition and filter expressions"). */
  readonly condition: string;
}

export interface Update extends Expression {
  readonly pk: string;
  /** Update expression: `SET …, ADD …, REMOVE …`. */
  readonly update: string;
  readonly condition?: string;
}

/** The unit of `expiresAt`. */
export const epochSeconds = (time: Date): number => Math.floor(time.getTime() / 1000);

/**
 * The one table: partition key `pk`, no sort key, single-item writes only. `expiresAt` (epoch
 * seconds) is the TTL attribute; DynamoDB deletes up to days late, so whoever reads an item
 * compares `expiresAt` with the clock itself.
 *
 * Every method throws {@link TableThrottled}, {@link TableUnreachable} or {@link TableRefused}; the
 * conditional ones throw {@link ConditionFailed}.
 */
export interface Table {
  get(pk: string, options: { readonly consistent: boolean }): Promise<Item | undefined>;
  put(item: Item & { readonly pk: string }, condition?: Condition): Promise<void>;
  /** The item as it is after the update (ReturnValues=ALL_NEW). */
  update(update: Update): Promise<Item>;
  /** The item as it was, or undefined when there was none (ReturnValues=ALL_OLD). */
  delete(pk: string, condition?: Condition): Promise<Item | undefined>;
}

const throttled = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'LimitExceededException',
]);

const failure = whenNeeded(() => z.object({ __type: z.string(), Item: z.optional(wireItem) }));

export interface TableOptions {
  readonly name: string;
  readonly region: string;
  /** How long a response may take; by policy unless a test needs longer. */
  readonly timeoutMs?: number;
  /** How a call is signed and sent. @default as a function's role does it */
  readonly request?: typeof signedRequest;
}

export const table = ({
  name,
  region,
  timeoutMs = timeouts.tableSeconds * 1000,
  request = signedRequest,
}: TableOptions): Table => {
  /** @returns the item of the response */
  const call = async (
    operation: keyof typeof itemMembers,
    parameters: object,
    { condition, names, values }: Conditional = {},
  ): Promise<Item | undefined> => {
    const serviceCall: ServiceCall = {
      service: 'dynamodb',
      region,
      target: `DynamoDB_20120810.${operation}`,
      contentType: 'application/x-amz-json-1.0',
      body: JSON.stringify({
        TableName: name,
        ...parameters,
        ConditionExpression: condition,
        ReturnValuesOnConditionCheckFailure: condition && 'ALL_OLD',
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: values && placeholders(values),
      }),
      timeoutMs,
      maximumBytes: sizes.serviceAnswerBytes,
    };
    const response = await request(serviceCall).catch(unreachable);
    if (response.status !== 200) throw errorOf(response.status, response.json);
    return itemIn(response.json, itemMembers[operation]);
  };

  return {
    get: (pk, { consistent }) => call('GetItem', { Key: keyOf(pk), ConsistentRead: consistent }),
    put: async (item, condition) => {
      await call('PutItem', { Item: toAttributes(item) }, condition);
    },
    update: async (expression) => {
      const item = await call(
        'UpdateItem',
        {
          Key: keyOf(expression.pk),
          UpdateExpression: expression.update,
          ReturnValues: 'ALL_NEW',
        },
        expression,
      );
      return item ?? {};
    },
    delete: (pk, condition) =>
      call('DeleteItem', { Key: keyOf(pk), ReturnValues: 'ALL_OLD' }, condition),
  };
};

const unreachable = (error: unknown): never => {
  throw new TableUnreachable(error instanceof OutboundRequestFailed ? error.wasSent : true, error);
};

/** The member of a response that holds an item. */
const itemMembers = {
  GetItem: 'Item',
  PutItem: 'Attributes',
  UpdateItem: 'Attributes',
  DeleteItem: 'Attributes',
} as const;

type Conditional = Expression & { readonly condition?: string };

const keyOf = (pk: string) => ({ pk: { S: pk } });

const placeholders = (values: Readonly<Record<string, Value>>) => {
  const attributes: Record<string, AttributeValue> = {};
  for (const name in values) attributes[name] = toAttribute(values[name] ?? null);
  return attributes;
};

const itemIn = (json: unknown, member: 'Item' | 'Attributes'): Item | undefined => {
  try {
    return readMember(json, member);
  } catch (error) {
    throw new TableUnreachable(true, error);
  }
};

const errorOf = (status: number, json: unknown): TableError => {
  const parsed = failure().safeParse(json);
  if (!parsed.success) return new TableUnreachable(true, new Error(`status ${status}`));
  const type = parsed.data.__type.split('#').at(-1) ?? '';
  if (type === 'ConditionalCheckFailedException') return new ConditionFailed(parsed.data.Item);
  if (throttled.has(type)) return new TableThrottled(type);
  if (status >= 500) return new TableUnreachable(true, new Error(type));
  return new TableRefused(type);
};
