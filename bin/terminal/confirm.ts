import { createInterface } from 'node:readline/promises';
import { UserError } from '../../lib/user-error.ts';

/**
 * Asks before what cannot be undone. Without a terminal nobody can answer, so `--yes` must say it.
 * @throws UserError when the answer is no, or nobody can be asked
 */
export const confirm = async (question: string, yes: boolean): Promise<void> => {
  if (yes) return;
  if (!process.stdin.isTTY) throw new UserError(`${question} Say so with --yes.`);
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C is a no, too.
  const typed = await asking
    .question(`${question} [y/N] `)
    .catch(() => '')
    .finally(() => asking.close());
  if (!/^y(es)?$/i.test(typed.trim())) throw new UserError('Nothing was changed.');
};
