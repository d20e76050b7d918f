import { canaryBounds } from '../policy/monitoring.ts';

export interface CanaryShare {
  readonly percent: number;
  readonly minutes: number;
}

/**
 * Reads `10% for 5 minutes`.
 * @returns undefined where it is something else, or out of policy/monitoring's bounds
 */
export const readCanary = (text: string): CanaryShare | undefined => {
  const [, percent, minutes] = /^(\d{1,2})% for (\d{1,3}) minutes$/.exec(text) ?? [];
  const share = { percent: Number(percent), minutes: Number(minutes) };
  const isWithin = (value: number, { least, most }: { least: number; most: number }) =>
    value >= least && value <= most;
  return isWithin(share.percent, canaryBounds.percent) &&
    isWithin(share.minutes, canaryBounds.minutes)
    ? share
    : undefined;
};
