import { allowed } from '../../lambdas/logging/log.ts';
import { auditFiles } from '../../policy/audit.ts';
import { accessOfApp } from '../access/read.ts';
import { type Choice, deployedTemplate } from '../synthesis/deployed-template.ts';
import { withProgress } from '../terminal/progress.ts';
import type { Material } from './audit.ts';
import { billOfMaterials } from './bill-of-materials.ts';
import { readCatalogue } from './catalogue.ts';
import { checkout, policyLines, readDocument, readSource, resultsFile } from './sources.ts';
import { installRelease, readTestResults } from './test-results.ts';
import { testedSources } from './tested-sources.ts';

/** Everything that an audit of the app in a folder is made of. */
export const gather = async (folder: string, choice: Choice): Promise<Material> => {
  const template = await deployedTemplate(folder, choice);
  const access = await withProgress('Reading who may use what', () =>
    accessOfApp(folder, choice.stage === undefined ? {} : { stage: choice.stage }),
  );
  const bill = await withProgress('Asking npm for the bill of materials', async () =>
    billOfMaterials(folder),
  );
  const results = resultsFile({
    own: auditFiles.testResults,
    released: auditFiles.releasedTestResults,
  });
  return {
    template,
    access,
    bill,
    catalogue: readCatalogue(readDocument('controls.md'), readDocument('control-evidence.md')),
    evidence: {
      readSource,
      policyLines,
      testResults: readTestResults(results, checkout === undefined ? installRelease : undefined),
      testedSources: checkout === undefined ? undefined : testedSources(checkout),
    },
    firstDeployment: readDocument('first-deploy.md'),
    loggedFields: Object.keys(allowed),
    now: new Date(),
  };
};
