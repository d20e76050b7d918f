import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { auditFiles } from '../policy/audit.ts';

// Part of packing the package (`prepack`): what the release's tests said goes with it, so that
// `gatehouse audit` in an app has it. Without them an app's audit is red, and says why.
const root = join(import.meta.dirname, '..');
const own = join(root, auditFiles.testResults);
if (existsSync(own)) copyFileSync(own, join(root, auditFiles.releasedTestResults));
else console.warn('The package has no results of tests: run npm test before packing a release.');
