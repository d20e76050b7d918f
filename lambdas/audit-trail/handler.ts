import { linesOf } from './lines.ts';

/**
 * Takes what a subscription of the functions' log groups hands over, and writes each line of the
 * trail to its own log group, which is the trail (LOG-6). It writes to stdout as any function does:
 * no permission beside that of its own log, and nothing that a call waits for.
 *
 * Thrown errors are counted (`LambdaErrors`), and Lambda tries the batch again twice; the lines
 * stand where they were written all the same.
 */
export const handler = async (event: unknown): Promise<void> => {
  for (const line of linesOf(event)) process.stdout.write(`${JSON.stringify(line)}\n`);
};
