import * as z from 'zod';
import { toAttributes, wireItem } from '../../lambdas/aws/attribute-value.ts';
import { type Table, table } from '../../lambdas/aws/table.ts';
import type { Scan } from '../../lambdas/store/users.ts';
import type { Aws } from '../aws/aws.ts';

/** The store room's verbs, with the credentials of the person who types. */
export const tableOf = (aws: Aws, name: string): Table =>
  table({
    name,
    region: aws.region,
    request: ({ target, contentType, body }) =>
      aws.respond({
        service: 'dynamodb',
        headers: { 'content-type': contentType, 'x-amz-target': target },
        body,
      }),
  });

const page = z.looseObject({
  Items: z.array(wireItem).default([]),
  LastEvaluatedKey: z.optional(wireItem),
});

/** Reads the whole table, page by page. */
export const scanOf = (aws: Aws, name: string): Scan =>
  async function* ({ condition, names, values }) {
    let from: z.infer<typeof page>['LastEvaluatedKey'];
    do {
      const response = await aws.send({
        service: 'dynamodb',
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': 'DynamoDB_20120810.Scan',
        },
        body: JSON.stringify({
          TableName: name,
          FilterExpression: condition,
          ExpressionAttributeNames: names,
          ExpressionAttributeValues: values && toAttributes(values),
          ExclusiveStartKey: from,
        }),
      });
      const { Items, LastEvaluatedKey } = page.parse(response);
      yield* Items;
      from = LastEvaluatedKey;
    } while (from !== undefined);
  };
