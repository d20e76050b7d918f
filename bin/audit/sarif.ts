import { type Audit, isRed } from './audit.ts';

/** The audit as SARIF 2.1.0: a result for each control without evidence. */
export const auditSarif = (audit: Audit): object => ({
  $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
  version: '2.1.0',
  runs: [
    {
      tool: {
        driver: {
          name: 'gatehouse audit',
          informationUri: 'https://www.npmjs.com/package/gatehouse',
          rules: audit.controls.map(({ id, section, text }) => ({
            id,
            name: id.replaceAll('-', ''),
            shortDescription: { text: `${section}: ${id}` },
            fullDescription: { text },
          })),
        },
      },
      invocations: [{ executionSuccessful: true, exitCode: isRed(audit) ? 1 : 0 }],
      results: audit.controls
        .filter(({ faults }) => faults.length > 0)
        .map(({ id, faults, source }) => ({
          ruleId: id,
          level: 'error',
          message: { text: faults.join('; ') },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: source ?? 'docs/control-evidence.md' },
              },
            },
          ],
        })),
    },
  ],
});
