import type { Outcome } from './examine.ts';
import { shown } from './report.ts';

/**
 * The outcomes as SARIF 2.1.0 (OASIS): a result for each check that failed, and its fix as the
 * rule's help.
 * @param uri - what was looked at: a URL, or the app's cdk.json
 */
export const doctorSarif = (outcomes: readonly Outcome[], uri: string): object => ({
  $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
  version: '2.1.0',
  runs: [
    {
      tool: {
        driver: {
          name: 'gatehouse doctor',
          rules: outcomes.map(({ id, title, fix, controls }) => ({
            id,
            shortDescription: { text: title },
            help: { text: fix },
            properties: { tags: [...controls] },
          })),
        },
      },
      invocations: [{ executionSuccessful: true }],
      results: outcomes.flatMap(({ id, status, details }, ruleIndex) =>
        status === 'failed'
          ? [
              {
                ruleId: id,
                ruleIndex,
                level: 'error',
                message: { text: details.map(shown).join(' ') },
                locations: [{ physicalLocation: { artifactLocation: { uri } } }],
              },
            ]
          : [],
      ),
    },
  ],
});
