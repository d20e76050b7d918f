import * as z from 'zod/mini';
import { sizes, timeouts } from '../../policy/limits.ts';
import { OutboundRequestFailed } from '../http/outbound-request.ts';
import { type Item, toAttribute, toAttributes, type Value, wireItem } from './attribute-value.ts';
import { signedRequest } from './signed-request.ts';
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

const failure = z.object({ __type: z.string(), Item: z.optional(wireItem) });
const success = z.object({ Item: z.optional(wireItem), Attributes: z.optional(wireItem) });

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
  const call = async (operation: string, parameters: object): Promise<z.infer<typeof success>> => {
    const response = await request({
      service: 'dynamodb',
      region,
      target: `DynamoDB_20120810.${operation}`,
      contentType: 'application/x-amz-json-1.0',
      body: JSON.stringify({ TableName: name, ...parameters }),
      timeoutMs,
      maximumBytes: sizes.serviceAnswerBytes,
    }).catch((error: unknown) => {
      throw new TableUnreachable(
        error instanceof OutboundRequestFailed ? error.wasSent : true,
        error,
      );
    });
    if (response.status !== 200) throw errorOf(response.status, response.json);
    const parsed = success.safeParse(response.json);
    if (!parsed.success) throw new TableUnreachable(true, parsed.error);
    return parsed.data;
  };

  return {
    get: async (pk, { consistent }) => {
      const { Item } = await call('GetItem', {
        Key: toAttributes({ pk }),
        ConsistentRead: consistent,
      });
      return Item;
    },
    put: async (item, condition) => {
      await call('PutItem', { Item: toAttributes(item), ...conditional(condition) });
    },
    update: async ({ pk, update, ...rest }) => {
      const { Attributes } = await call('UpdateItem', {
        Key: toAttributes({ pk }),
        UpdateExpression: update,
        ReturnValues: 'ALL_NEW',
        ...conditional(rest),
      });
      return Attributes ?? {};
    },
    delete: async (pk, condition) => {
      const { Attributes } = await call('DeleteItem', {
        Key: toAttributes({ pk }),
        ReturnValues: 'ALL_OLD',
        ...conditional(condition),
      });
      return Attributes;
    },
  };
};

const conditional = (expression: (Expression & { readonly condition?: string }) | undefined) => ({
  ...(expression?.condition && {
    ConditionExpression: expression.condition,
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  }),
  ...(expression?.names && { ExpressionAttributeNames: expression.names }),
  ...(expression?.values && {
    ExpressionAttributeValues: Object.fromEntries(
      Object.entries(expression.values).map(([key, value]) => [key, toAttribute(value)]),
    ),
  }),
});

const errorOf = (status: number, json: unknown): TableError => {
  const parsed = failure.safeParse(json);
  if (!parsed.success) return new TableUnreachable(true, new Error(`status ${status}`));
  const type = parsed.data.__type.split('#').at(-1) ?? '';
  if (type === 'ConditionalCheckFailedException') return new ConditionFailed(parsed.data.Item);
  if (throttled.has(type)) return new TableThrottled(type);
  if (status >= 500) return new TableUnreachable(true, new Error(type));
  return new TableRefused(type);
};
