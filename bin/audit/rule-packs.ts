import * as z from 'zod';

const finding = z.looseObject({
  ruleName: z.string(),
  reason: z.string().optional(),
  violatingConstructs: z.array(z.looseObject({ constructPath: z.string().optional() })).default([]),
});

const report = z.looseObject({
  pluginReports: z
    .array(
      z.looseObject({
        pluginName: z.string(),
        violations: z.array(finding).default([]),
        suppressedViolations: z.array(finding).default([]),
      }),
    )
    .default([]),
});

/** What a rule pack (cdk-nag) found while the app was synthesized. */
export interface PackReport {
  readonly pack: string;
  readonly open: readonly string[];
  /** Explained beside their resource: rule, and the reasons with how many resources have each. */
  readonly explained: readonly {
    readonly rule: string;
    readonly reason: string;
    readonly times: number;
  }[];
}

/** @param written validation-report.json of the assembly; undefined where the app runs no pack */
export const packReports = (written: unknown): readonly PackReport[] => {
  const { data } = report.safeParse(written ?? {});
  return (data?.pluginReports ?? []).map(({ pluginName, violations, suppressedViolations }) => {
    const times = new Map<string, number>();
    for (const { ruleName, reason = '', violatingConstructs } of suppressedViolations) {
      const key = JSON.stringify([ruleName, reason]);
      times.set(key, (times.get(key) ?? 0) + Math.max(1, violatingConstructs.length));
    }
    return {
      pack: pluginName,
      open: violations.map(({ ruleName }) => ruleName),
      explained: [...times].map(([key, count]) => {
        const [rule, reason]: [string, string] = JSON.parse(key);
        return { rule, reason, times: count };
      }),
    };
  });
};
