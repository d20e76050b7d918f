import { type CallLimit, mostUserCalls } from '../../../policy/limits.ts';
import type { Tool } from '../authoring/define-tool.ts';
import { DefinitionError } from './definition-error.ts';
import { suggestion } from './nearest-name.ts';

/** What the stack says about tools, by their names. It goes before what stands beside them. */
export type ToolLimits = Readonly<Record<string, CallLimit>>;

/**
 * The tools that have a limit of their own.
 * @throws DefinitionError for a limit that names no tool: it would limit nothing, without a word
 */
export const limitsUnder = (rules: ToolLimits, tools: readonly Tool[]): ToolLimits => {
  const names = tools.map(({ name }) => name);
  const faults = Object.keys(rules)
    .filter((name) => !names.includes(name))
    .map((name) => `userLimits.tools.${name}: names no tool${suggestion(name, names)}`);
  if (faults.length > 0) throw new DefinitionError(faults.join('\n'));
  const beside = tools.flatMap(({ name, limit }) => (limit === undefined ? [] : [[name, limit]]));
  return { ...Object.fromEntries(beside), ...rules };
};

/** What is wrong with a limit beside a tool. */
export const limitFaults = (limit: unknown): string[] => {
  if (limit === undefined) return [];
  const fix = 'limit: { perMinute: 5 }';
  if (typeof limit !== 'object' || limit === null) return [`limit is not an object: ${fix}`];
  const entries = Object.entries(limit).filter(([, calls]) => calls !== undefined);
  if (entries.length === 0) return [`limit says neither perMinute nor perHour: ${fix}`];
  const faults = entries.flatMap(([key, calls]) => {
    if (key !== 'perMinute' && key !== 'perHour') return [`limit has no ${key}: ${fix}`];
    const most = mostUserCalls[key];
    const isGood = Number.isSafeInteger(calls) && Number(calls) >= 1 && Number(calls) <= most;
    return isGood ? [] : [`limit.${key} is not a whole number from 1 to ${most}: ${fix}`];
  });
  const { perMinute, perHour } = Object.fromEntries(entries);
  return faults.length === 0 && perMinute > perHour
    ? [`limit has a perMinute over its perHour, which is what bounds then: ${fix}`]
    : faults;
};
