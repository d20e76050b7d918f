import * as z from 'zod/mini';
import { MissingClientCapability } from '../../errors/errors.ts';
import { Call, type CallInput, type ReportProgress } from '../call.ts';
import { type InputRequest, type InputRequired, inputCapabilities } from '../input-required.ts';
import { completed, type Json, notificationMessage } from './response.ts';
import { parametersOf, type Turn } from './turn.ts';

/** What a client sends with the repetition of a call (2026-07-28 "Multi Round-Trip Requests"), and with every call. */
const repetition = z.object({
  inputResponses: z.optional(z.record(z.string(), z.unknown())),
  requestState: z.optional(z.string()),
  _meta: z.object({ 'io.modelcontextprotocol/clientCapabilities': z.record(z.string(), z.unknown()) }),
});

const nothing: CallInput = { clientCapabilities: {} };

/** Runs a tool, prompt or resource in its context; `notifications/cancelled` finds it while it runs. @throws OutOfTime */
export const run = async <Result>(name: string, turn: Turn, work: (call: Call) => Promise<Result>): Promise<Result> => {
  const call = new Call(name, turn.request, turn.caller, turn.era === 'modern' ? inputOf(turn) : nothing, progressReport(turn));
  const key = runningKey(turn.caller.sub, turn.id);
  turn.running.set(key, call);
  try {
    return await call.finish(work(call));
  } finally {
    turn.running.delete(key);
  }
};

const progressReport = ({ params: { _meta: meta }, send }: Turn): ReportProgress => {
  const progressToken = meta?.['progressToken'];
  if (send === undefined || progressToken === undefined) return undefined;
  return (progress, total, message) => send(notificationMessage('notifications/progress', { progressToken, progress, total, message }));
};

/** A request id is the caller's own: nobody cancels another's call with it. */
export const runningKey = (sub: string, id: string | number): string => `${sub} ${typeof id} ${id}`;

const inputOf = (turn: Turn): CallInput => {
  const { inputResponses, requestState, _meta: meta } = parametersOf(repetition, turn);
  return { inputResponses, requestState, clientCapabilities: meta['io.modelcontextprotocol/clientCapabilities'] ?? {} };
};

/** @throws MissingClientCapability where the client did not say that it can be asked for this */
export const inputRequiredResult = ({ inputRequests, requestState }: InputRequired, turn: Turn): Json => {
  const { clientCapabilities } = turn.era === 'modern' ? inputOf(turn) : nothing;
  for (const request of Object.values(inputRequests)) requireCapability(request, clientCapabilities);
  return completed({ resultType: 'input_required', inputRequests, ...(requestState !== undefined && { requestState }) }, turn.era);
};

const requireCapability = ({ method, params }: InputRequest, declared: Readonly<Record<string, unknown>>): void => {
  const name = inputCapabilities[method];
  const mode = method === 'elicitation/create' && params?.['mode'] === 'url' ? 'url' : undefined;
  const capability = Object.hasOwn(declared, name) ? declared[name] : undefined;
  const isDeclared = typeof capability === 'object' && capability !== null && (mode === undefined || Object.hasOwn(capability, mode));
  if (!isDeclared) {
    throw new MissingClientCapability({ data: { requiredCapabilities: { [name]: mode === undefined ? {} : { [mode]: {} } } } });
  }
};
