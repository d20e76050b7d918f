import * as z from 'zod/mini';
import { sizes } from '../../../policy/limits.ts';
import { InvalidParameters } from '../../errors/errors.ts';
import { text } from '../../http/bounded.ts';
import { whenNeeded } from '../../http/when-needed.ts';
import { shownBlock } from '../authoring/content.ts';
import { InvalidArguments } from '../authoring/define-tool.ts';
import { InputRequired } from '../authoring/input-required.ts';
import { absence, isPermitted } from './access.ts';
import { inputRequired, run } from './input-round.ts';
import { object, withoutNulls } from './message.ts';
import { type Method, parseParameters, requireScopes } from './request-context.ts';
import { completed } from './response.ts';

const parameters = whenNeeded(() =>
  z.object({
    name: text(sizes.displayedCharacters),
    arguments: z.optional(
      z.pipe(
        z.pipe(object, z.transform(withoutNulls)),
        z.record(text(sizes.displayedCharacters), text(sizes.bodyBytes)),
      ),
    ),
  }),
);

export const getPrompt: Method = async (context) => {
  const { name, arguments: given = {} } = parseParameters(parameters(), context);
  const prompt = context.registry.prompts.get(name);
  if (prompt !== undefined) context.record.definition = prompt.name;
  if (prompt === undefined || !isPermitted('prompts', name, context))
    throw new InvalidParameters({ message: 'Unknown prompt', ...absence(prompt, context) });
  requireScopes(prompt.scopes, context);
  const messages = await run(prompt.name, context, (call) => prompt.get(given, call));
  if (messages instanceof InvalidArguments)
    throw new InvalidParameters({ message: `Invalid arguments: ${messages.message}` });
  if (messages instanceof InputRequired) return inputRequired(messages, context);
  const shown = messages.map((message) => ({
    ...message,
    content: shownBlock(message.content, context.version),
  }));
  return completed({ description: prompt.description, messages: shown }, context);
};
