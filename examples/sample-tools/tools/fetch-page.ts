import { defineTool, ToolError } from 'gatehouse/definitions';
import { type Network, PublicFetchFailed, publicGet, webPages } from 'gatehouse/public-fetch';
import * as z from 'zod/mini';

/** What it takes from the web. */
const fetchBounds = { seconds: 5, bytes: 256 * 1024, urlCharacters: 2048 } as const;

/**
 * An example of calling an HTTP API at an address that a model chose: `publicGet` keeps it from
 * reaching where it must not.
 */
export const fetchPage = (network: Network) =>
  defineTool({
    name: 'fetch_page',
    title: 'Fetch a page',
    description:
      'Fetches a public https URL and returns its text (HTML, JSON, XML or plain text). Redirects are not followed.',
    input: z.object({
      url: z.url().check(z.maxLength(fetchBounds.urlCharacters), z.describe('An https URL')),
    }),
    output: z.object({ url: z.string(), contentType: z.string(), text: z.string() }),
    text: ({ text }) => text,
    scopes: ['gatehouse/tools.call'],
    annotations: { readOnlyHint: true, openWorldHint: true },
    handler: async ({ url }, { remainingMilliseconds }) => {
      const limits = {
        timeoutMs: Math.min(fetchBounds.seconds * 1000, remainingMilliseconds()),
        maximumBytes: fetchBounds.bytes,
      };
      const { headers, text } = await publicGet(new URL(url), limits, network).catch(
        (error: unknown) => {
          // Our own words about what was wrong with the URL or its answer: what a model needs to
          // choose another.
          throw error instanceof PublicFetchFailed
            ? new ToolError(`The URL cannot be fetched: ${error.message}.`)
            : error;
        },
      );
      const contentType = headers['content-type'] ?? '';
      if (!/^(text\/|application\/([\w.-]+\+)?(json|xml)\b)/i.test(contentType))
        throw new ToolError('The URL does not lead to text.');
      return { url, contentType, text };
    },
  });

export default fetchPage(webPages);
