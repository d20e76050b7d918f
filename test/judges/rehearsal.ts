import { isObject } from './findings.ts';
import type { JudgedTemplate, Value } from './templates.ts';

/** Names of what a value refers to: `Ref`, `Fn::GetAtt`, and `${…}` of `Fn::Sub`. */
export const namesIn = (value: Value | undefined): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, argument]) => {
    if (key === 'Ref') return [String(argument)];
    if (key === 'Fn::GetAtt') return [String([argument].flat()[0]).split('.')[0] ?? ''];
    if (key !== 'Fn::Sub') return namesIn(argument);
    const [text, own] = Array.isArray(argument) ? argument : [argument];
    const named = Array.from(String(text).matchAll(/\$\{([^!.}]+)/g), ([, name = '']) => name);
    const replaced = isObject(own) ? Object.keys(own) : [];
    return [...named.filter((name) => !replaced.includes(name)), ...namesIn(own)];
  });
};

/**
 * What CloudFormation makes at the same time, one step after another: a resource is made once all
 * that it refers to or depends on is there, and removed in the opposite order.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-dependson.html
 * @throws Error that names a cycle
 */
export const stepsOf = ({ resources }: JudgedTemplate): readonly (readonly string[])[] => {
  const needs = new Map(
    Object.entries(resources).map(([id, { Properties, DependsOn = [], UpdatePolicy }]) => [
      id,
      new Set(
        [...namesIn(Properties), ...namesIn(jsonOf(UpdatePolicy)), ...[DependsOn].flat()].filter(
          (name) => Object.hasOwn(resources, name),
        ),
      ),
    ]),
  );
  const made = new Set<string>();
  const steps: string[][] = [];
  while (made.size < needs.size) {
    const step = [...needs].flatMap(([id, wanted]) =>
      !made.has(id) && [...wanted].every((name) => made.has(name)) ? [id] : [],
    );
    if (step.length === 0) throw new Error(`A cycle: ${cycleIn(needs, made).join(' -> ')}`);
    for (const id of step) made.add(id);
    steps.push(step);
  }
  return steps;
};

/** Follows what is not made until it comes back. */
const cycleIn = (
  needs: ReadonlyMap<string, ReadonlySet<string>>,
  made: ReadonlySet<string>,
): readonly string[] => {
  const [first = ''] = [...needs.keys()].filter((id) => !made.has(id));
  const path = [first];
  for (;;) {
    const next = [...(needs.get(path.at(-1) ?? '') ?? [])].find((id) => !made.has(id)) ?? '';
    const before = path.indexOf(next);
    path.push(next);
    if (before >= 0) return path.slice(before);
  }
};

/** What is read of a template is JSON. */
const jsonOf = (value: unknown): Value => JSON.parse(JSON.stringify(value ?? null));
