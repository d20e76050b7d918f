import * as z from 'zod';
import type { GatewayRequest } from '../gateway/request.ts';

const oversize = z.enum(['CONTINUE', 'MATCH', 'NO_MATCH']);
const nothing = z.strictObject({});

/** `FieldToMatch`. One key each; those that nobody uses here are refused. */
export const fieldToMatch = z.union([
  z.strictObject({ UriPath: nothing }),
  z.strictObject({ Method: nothing }),
  z.strictObject({ QueryString: nothing }),
  z.strictObject({ SingleHeader: z.strictObject({ Name: z.string() }) }),
  z.strictObject({ SingleQueryArgument: z.strictObject({ Name: z.string() }) }),
  z.strictObject({ Body: z.strictObject({ OversizeHandling: oversize.default('CONTINUE') }) }),
]);

export type FieldToMatch = z.infer<typeof fieldToMatch>;

/**
 * A component's text, absent when the request has none; or a decision, when it is too large to
 * inspect and the rule says what follows.
 */
export interface Inspected {
  readonly text?: string;
  readonly decided?: boolean;
}

/** @param bodyLimit - bytes of the body that the ACL inspects. */
export const readField = (
  field: FieldToMatch,
  request: GatewayRequest,
  bodyLimit: number,
): Inspected => {
  if ('UriPath' in field) return { text: request.rawPath };
  if ('Method' in field) return { text: request.httpMethod };
  if ('QueryString' in field) return { text: request.rawQuery };
  if ('SingleHeader' in field) return present(request.header(field.SingleHeader.Name));
  if ('SingleQueryArgument' in field) {
    const wanted = field.SingleQueryArgument.Name.toLowerCase();
    return present([...request.query].find(([name]) => name.toLowerCase() === wanted)?.[1].at(-1));
  }
  const { OversizeHandling } = field.Body;
  if (request.body.length > bodyLimit && OversizeHandling !== 'CONTINUE')
    return { decided: OversizeHandling === 'MATCH' };
  return { text: request.body.subarray(0, bodyLimit).toString('utf8') };
};

const present = (text: string | undefined): Inspected => (text === undefined ? {} : { text });
