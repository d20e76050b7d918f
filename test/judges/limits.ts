import { type Finding, valuesAt } from './findings.ts';
import { type PublishedLimit, publishedLimits } from './published-limits.ts';
import { aDeployment, textOf } from './rendered.ts';
import type { JudgedTemplate, Value } from './templates.ts';

/** Texts and figures that AWS's API references do not take. */
export const beyondPublishedLimits = ({
  configuration,
  stack: stackName,
  resources,
}: JudgedTemplate): readonly Finding[] =>
  Object.entries(resources).flatMap(([id, { Type: type, Properties }]) =>
    publishedLimits
      .filter((limit) => limit.type === type)
      .flatMap((limit) =>
        valuesAt(Properties, limit.at, id).flatMap(([at, value]) =>
          problems(value, limit, stackName).map((problem) => ({
            configuration,
            type,
            at,
            message: `${problem} (${limit.source})`,
          })),
        ),
      ),
  );

const problems = (
  value: Value,
  { longest, pattern, least, most }: PublishedLimit,
  stackName: string,
): readonly string[] => {
  const text = textOf(value, { ...aDeployment, stackName });
  const size = typeof value === 'number' ? value : text.length;
  const found: string[] = [];
  if (longest !== undefined && text.length > longest)
    found.push(`is ${text.length} characters long, of ${longest}: ${text}`);
  // What another resource has to say first is not known yet.
  if (pattern !== undefined && !text.includes('${') && !pattern.test(text))
    found.push(`is not as ${pattern} says: ${text}`);
  if (least !== undefined && size < least) found.push(`is ${size}, below ${least}`);
  if (most !== undefined && size > most) found.push(`is ${size}, over ${most}`);
  return found;
};
