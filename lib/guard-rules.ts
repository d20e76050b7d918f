import { existsSync } from 'node:fs';
import { join } from 'node:path';

const places = [
  join(import.meta.dirname, '..', 'guard'),
  // From the compiled package, which stands a folder deeper.
  join(import.meta.dirname, '..', '..', 'guard'),
];

const found = places.find(existsSync);
if (found === undefined) throw new Error('The package lacks its folder guard/.');

/**
 * The folder of rules in AWS CloudFormation Guard's language that hold a synthesized template to
 * docs/controls.md without any code of this package. They judge the stacks of a whole app, by types
 * of resources: functions, APIs and alarms by the descriptions that ours have, all else whoever made
 * it.
 *
 * @example
 * Validations.of(app).addPlugins(
 *   new CfnGuardValidator({ controlTowerRulesEnabled: false, rules: [guardRules] }),
 * );
 */
export const guardRules: string = found;
