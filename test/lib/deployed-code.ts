import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { DISABLE_ASSET_STAGING_CONTEXT } from 'aws-cdk-lib/cx-api';
import { readConfiguration } from '../../lib/configuration.ts';
import { GatehouseStack } from '../../lib/gatehouse-stack.ts';
import { servingFunctions } from './synthesized.ts';
import { testApp } from './test-app.ts';

/** The code of each function as the assets of a synthesis hold it, by the function's name. */
export const deployedCode = (configuration: object): Readonly<Record<string, string>> => {
  const outdir = mkdtempSync(join(tmpdir(), 'gatehouse-assets-'));
  try {
    const app = testApp({ outdir, context: { [DISABLE_ASSET_STAGING_CONTEXT]: false } });
    const stack = new GatehouseStack(app, 'Gatehouse-test', {
      configuration: readConfiguration(configuration),
    });
    app.synth();
    const functions = Object.values(servingFunctions(Template.fromStack(stack)));
    return Object.fromEntries(
      functions.map(({ Properties }) => {
        const hash = Properties['Code'].S3Key.replace(/\.zip$/, '');
        const file = join(outdir, `asset.${hash}`, 'index.mjs');
        return [
          Properties['Environment'].Variables.POWERTOOLS_SERVICE_NAME,
          readFileSync(file, 'utf8'),
        ];
      }),
    );
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
};
