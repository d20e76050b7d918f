import { type Control, readCatalogue } from '../../../bin/audit/catalogue.ts';
import { readDocument } from '../../../bin/audit/sources.ts';

/** The controls of docs/controls.md, with what docs/control-evidence.md says of them. */
export const controlsOfDocument = (): readonly Control[] =>
  readCatalogue(readDocument('controls.md'), readDocument('control-evidence.md'));
