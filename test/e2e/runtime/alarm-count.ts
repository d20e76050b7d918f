import * as z from 'zod';
import type { Gatehouse } from '../../../local/runtime.ts';

const alarmOfOneMetric = z.object({
  Metrics: z.tuple([
    z.object({
      MetricStat: z.object({
        Stat: z.literal('Sum'),
        Metric: z.object({
          Namespace: z.string(),
          MetricName: z.string(),
          Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
        }),
      }),
    }),
  ]),
});

const embedded = z.looseObject({
  _aws: z.object({
    CloudWatchMetrics: z.array(
      z.object({ Namespace: z.string(), Dimensions: z.array(z.array(z.string())) }),
    ),
  }),
});

const parse = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

/**
 * What CloudWatch would count for the template's alarm of this metric, from the embedded metrics in
 * the functions' logs: the namespace, the name and the dimensions must all be the alarm's.
 */
export const alarmCount = ({ stack, logs }: Gatehouse, name: string): number => {
  const alarms = stack
    .resources('AWS::CloudWatch::Alarm')
    .map(
      ({ properties }) => alarmOfOneMetric.safeParse(properties).data?.Metrics[0].MetricStat.Metric,
    )
    .filter((watched) => watched?.MetricName === name);
  const [alarm] = alarms;
  if (alarm === undefined || alarms.length > 1) throw new Error(`No one alarm watches ${name}.`);
  const wanted = alarm.Dimensions.map(({ Name }) => Name).sort();
  return logs
    .map(({ line }) => embedded.safeParse(parse(line)).data)
    .filter((line) => line !== undefined)
    .filter((line) =>
      line._aws.CloudWatchMetrics.some(
        ({ Namespace, Dimensions }) =>
          Namespace === alarm.Namespace &&
          Dimensions.some((names) => [...names].sort().join() === wanted.join()),
      ),
    )
    .filter((line) => alarm.Dimensions.every(({ Name, Value }) => line[Name] === Value))
    .reduce((sum, line) => sum + (Number(line[name]) || 0), 0);
};
