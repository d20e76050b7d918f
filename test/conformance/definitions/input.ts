import { createHmac, timingSafeEqual } from 'node:crypto';
import type { InputRequest } from '../../../lambdas/mcp/authoring/input-required.ts';

/** Asks the user for one string. */
export const ask = (message: string, property: string, type = 'string'): InputRequest => ({
  method: 'elicitation/create',
  params: {
    mode: 'form',
    message,
    requestedSchema: { type: 'object', properties: { [property]: { type } }, required: [property] },
  },
});

/** Asks the client's model. */
export const sample = (text: string): InputRequest => ({
  method: 'sampling/createMessage',
  params: { messages: [{ role: 'user', content: { type: 'text', text } }], maxTokens: 100 },
});

export const roots: InputRequest = { method: 'roots/list', params: {} };

// Shared by all instances, and good enough to show that a changed state is seen. A real one would
// come from a secret store.
const key = () => process.env['COGNITO_USER_POOL_ID'] ?? '';
const signature = (state: string) => createHmac('sha256', key()).update(state).digest('base64url');

/** State that travels through the client and is known again only unchanged. */
export const signed = (state: string): string => `${state}.${signature(state)}`;

export const verified = (state: string | undefined): string | undefined => {
  const [content = '', given = ''] = state?.split('.') ?? [];
  const expected = signature(content);
  return state !== undefined &&
    given.length === expected.length &&
    timingSafeEqual(Buffer.from(given), Buffer.from(expected))
    ? content
    : undefined;
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** What the user answered to `ask`, if it is an answer. */
export const answered = (response: unknown): Record<string, unknown> | undefined =>
  isRecord(response) && response['action'] === 'accept' && isRecord(response['content'])
    ? response['content']
    : undefined;

export const given = (response: unknown): boolean => isRecord(response);
