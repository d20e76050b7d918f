import { chooseConfiguration } from '../../lib/config-file.ts';
import { UserError } from '../../lib/user-error.ts';

/** Reads the configuration files of the folders that it is given, and prints how each of them failed. */

const faults = [];
for (const folder of process.argv.slice(2))
  try {
    await chooseConfiguration({ folder, stage: undefined, context: undefined, isLocal: false });
    faults.push('none');
  } catch (error) {
    faults.push(error instanceof UserError ? error.message : `unexpected: ${String(error)}`);
  }
console.log(JSON.stringify(faults));
