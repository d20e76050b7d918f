import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { isFromSchedule } from './keep-warm.ts';

/** What goes out: the members before the body are what API Gateway reads of it. */
interface Outgoing {
  readonly statusCode: number;
  readonly body: string | Readable;
}

interface Around {
  /** What the schedule that keeps an instance warm has it do. @default nothing */
  readonly prepare?: () => Promise<void>;
  /** Called once the response is sent, before the instance takes another request. @default nothing */
  readonly afterResponse?: () => Promise<void>;
}

const nothing = async (): Promise<void> => {};

/**
 * Makes a handler stream its response (API Gateway's `responseTransferMode: STREAM`). Middy's own
 * execution mode for it is not used: it loads Node's web streams, and sends a text through a
 * pipeline, which ends every call by an abort with a DOMException in it (a sixth of a warm call).
 */
export const streamed = (
  respond: (event: APIGatewayProxyEvent, context: Context) => Promise<Outgoing>,
  { prepare = nothing, afterResponse = nothing }: Around = {},
) =>
  awslambda.streamifyResponse<APIGatewayProxyEvent, void>(async (event, stream, context) => {
    if (isFromSchedule(event)) {
      await prepare();
      return void stream.end();
    }
    const { body, ...metadata } = await respond(event, context);
    const response = awslambda.HttpResponseStream.from(stream, metadata);
    // The metadata goes ahead of the first write, and a body may be empty.
    response.write('');
    try {
      if (typeof body === 'string') await sendWhole(response, body);
      else await pipeline(body, response);
    } finally {
      await afterResponse();
    }
  });

/** In one piece: a text that is cut by its UTF-16 code units tears characters of two units. */
const sendWhole = (response: Writable, text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    response.once('error', reject);
    response.end(Buffer.from(text), (error?: Error | null) => (error ? reject(error) : resolve()));
  });
