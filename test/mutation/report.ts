import * as z from 'zod';
import { type AcceptedSurvivor, acceptedSurvivors } from './survivors.ts';

/** The part of Stryker's report (mutation testing report schema 2) that is read. */
const reportSchema = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.string(),
      mutants: z.array(
        z.object({
          status: z.string(),
          mutatorName: z.string(),
          replacement: z.string().optional(),
          location: z.object({ start: z.object({ line: z.number() }) }),
        }),
      ),
    }),
  ),
});

export interface Survivor extends Omit<AcceptedSurvivor, 'reason'> {
  readonly lineNumber: number;
  readonly replacement: string;
}

export interface RoomResult {
  readonly killed: number;
  /** Survived and have a reason in survivors.ts. */
  readonly accepted: number;
  readonly survivors: readonly Survivor[];
}

/** What a room's report says; a run that failed by itself shows nothing and counts as survived. */
export function resultOf(
  json: unknown,
  accepted: readonly AcceptedSurvivor[] = acceptedSurvivors,
): RoomResult {
  const mutants = Object.entries(reportSchema.parse(json).files).flatMap(([file, found]) => {
    const lines = found.source.split('\n');
    return found.mutants.map(({ status, mutatorName, replacement, location }) => ({
      status,
      file,
      mutator: mutatorName,
      replacement: replacement ?? '',
      lineNumber: location.start.line,
      line: (lines[location.start.line - 1] ?? '').trim(),
    }));
  });
  const survived = mutants.filter(({ status }) =>
    ['Survived', 'NoCoverage', 'RuntimeError'].includes(status),
  );
  const isAccepted = (survivor: Survivor) =>
    accepted.some(
      ({ file, line, mutator }) =>
        file === survivor.file && line === survivor.line && mutator === survivor.mutator,
    );
  return {
    killed: mutants.filter(({ status }) => status === 'Killed' || status === 'Timeout').length,
    accepted: survived.filter(isAccepted).length,
    survivors: survived.filter((survivor) => !isAccepted(survivor)),
  };
}

/** Killed mutants among those without a reason, in per cent. */
export const killedPercent = ({ killed, survivors }: RoomResult): number =>
  killed === 0 ? 0 : (100 * killed) / (killed + survivors.length);
