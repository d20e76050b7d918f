import { TableError } from '../lambdas/aws/table-error.ts';
import { UserError } from '../lib/user-error.ts';
import { messageOf, StartupFailure } from '../local/failure.ts';
import { program } from './program.ts';
import { shownText } from './terminal/outcome.ts';

/** What the person who types can put right is one line; anything else is a bug, with its stack. */
const shown = (error: unknown): unknown => {
  // It may quote a service.
  if (error instanceof UserError || error instanceof StartupFailure)
    return shownText(error.message);
  if (error instanceof TableError)
    return `The table: ${error.message}${error.cause === undefined ? '' : ` (${messageOf(error.cause)})`}`;
  return error;
};

try {
  await program.parseAsync();
} catch (error) {
  console.error(shown(error));
  process.exitCode = 1;
}
