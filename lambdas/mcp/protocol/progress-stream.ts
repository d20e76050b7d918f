import { Readable } from 'node:stream';
import type { Answer } from '../../middleware/request.ts';
import type { ReportProgress } from './call.ts';
import { event, eventStreamHeaders, type Json, jsonAnswer, notificationMessage } from './response.ts';

/** The answer to a request that asked for progress: plain JSON, unless there is progress before the result. */
export interface ProgressStream {
  readonly report: NonNullable<ReportProgress>;
  /** The answer, as soon as its form is known. @throws whatever `result` rejects with before that */
  answer(result: Promise<Json>): Promise<Answer>;
}

/** @param hungUp the client went away, where the runtime can tell (Lambda cannot): 2026-07-28 "Cancellation" */
export const progressStream = (progressToken: string | number, hungUp: () => void): ProgressStream => {
  const { promise: opened, resolve: open } = Promise.withResolvers<Answer>();
  let stream: Readable | undefined;
  const report: NonNullable<ReportProgress> = (progress, total, message) => {
    if (stream === undefined) {
      stream = new Readable({ read: () => {} });
      stream.once('close', hungUp);
      open({ statusCode: 200, headers: eventStreamHeaders, body: stream });
    }
    if (!stream.destroyed) stream.push(event(notificationMessage('notifications/progress', { progressToken, progress, total, message })));
  };
  const finished = async (result: Promise<Json>): Promise<Answer> => {
    const message = await result;
    if (stream === undefined) return jsonAnswer(message);
    stream.push(event(message));
    stream.push(null);
    return opened;
  };
  return { report, answer: (result) => Promise.race([opened, finished(result)]) };
};
