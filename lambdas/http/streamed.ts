/**
 * Pass this as `stream` to `secured` and the response is streamed. It stands apart because it loads
 * Node's web streams, which cost the functions that do not stream 7 ms of cold start.
 */
export { executionModeStreamifyResponse as streamed } from '@middy/core/StreamifyResponse';
