import type { Machine } from '../../policy/machines.ts';

/** Settings of `machineFields`. */
export interface MachineSettings {
  readonly COGNITO_MACHINE_ID?: Readonly<Record<string, string>> | undefined;
  readonly MACHINES?: readonly Machine[] | undefined;
}

/**
 * The machines by the ids of their app clients.
 * @throws Error for one without an app client: a deployment gone wrong
 */
export const machinesOf = ({
  COGNITO_MACHINE_ID: ids = {},
  MACHINES: machines = [],
}: MachineSettings): ReadonlyMap<string, Machine> =>
  new Map(
    machines.map((machine) => {
      const id = Object.hasOwn(ids, machine.name) ? ids[machine.name] : undefined;
      if (id === undefined) throw new Error(`COGNITO_MACHINE_ID names no ${machine.name}`);
      return [id, machine];
    }),
  );
