import { type Machine, machineBounds, machineProfile } from '../../policy/machines.ts';
import type { PlannedCaller } from '../usage-plans.ts';

/** A machine has a usage plan as a client profile has, of one share: it is one caller. */
export const planOfMachine = ({ name }: Machine): PlannedCaller => ({
  name: machineProfile(name),
  title: `the machine ${name}`,
  throttle: machineBounds.throttle,
  shares: 1,
});
