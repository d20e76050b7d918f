import * as z from 'zod';
import { UserError } from '../../lib/user-error.ts';
import { withProgress } from '../terminal/progress.ts';
import { findLocal } from './local.ts';
import { stackTarget } from './stack.ts';
import type { Target } from './target.ts';

const schema = z.object({
  stack: z.string().optional(),
  path: z.string().optional(),
  region: z.string().optional(),
  profile: z.string().optional(),
  local: z.union([z.literal(true), z.coerce.number().int().min(1).max(65_535)]).optional(),
});

/**
 * The deployment that the options of `withTarget` name, which is said on stderr. A stack is worked
 * on only where it was named: without `--stack` it is the local runtime of this folder.
 * @param options - what commander read
 * @throws UserError that says how to name one
 */
export const targetOf = async (options: unknown): Promise<Target> => {
  const parsed = schema.safeParse(options);
  if (!parsed.success) throw new UserError('--local takes the port of a running local runtime.');
  const { stack, local, path, ...account } = parsed.data;
  if (stack !== undefined && local !== undefined)
    throw new UserError('Name the deployment with --stack or with --local, not with both.');
  const target =
    stack === undefined
      ? findLocal(process.cwd(), typeof local === 'number' ? local : undefined)
      : await withProgress(`Reading the stack ${stack}`, () =>
          stackTarget({ stack, path, account }),
        );
  process.stderr.write(`(${target.title})\n`);
  return target;
};
