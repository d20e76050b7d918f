/** An empty handler: what a process costs before anybody does anything. */
export const handler = async () => ({ statusCode: 200, body: '' });
