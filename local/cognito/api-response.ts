import { jsonResponse, type LoopbackResponse } from '../loopback/request.ts';

const contentType = { 'content-type': 'application/x-amz-json-1.1' };

export const ok = (value: unknown): LoopbackResponse => jsonResponse(200, value, contentType);

/** An error as the service's JSON 1.1 protocol words it. */
export const apiError = (name: string, message: string, status = 400): LoopbackResponse =>
  jsonResponse(status, { __type: name, message }, contentType);
