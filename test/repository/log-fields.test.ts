import { sectionsOf } from '../e2e/runbook/sections.ts';
import { fieldsOfQuery, fieldsOfRunbook, membersOf } from './log-fields.ts';
import { filesUnder } from './tracked-files.ts';

const textOf = (path: string) => {
  const [file] = filesUnder(path);
  if (file === undefined) throw new Error(`${path} is not there`);
  return file.text;
};

/** What every line of a function carries beside the fields of a call (lambdas/logging/log.ts). */
const ofEveryLine = ['level', 'message', 'event', 'service', 'endpoint', 'requestId'];
/** https://docs.aws.amazon.com/waf/latest/developerguide/logging-fields.html */
const ofWebAcl = [
  'action',
  'httpRequest',
  'clientIp',
  'httpMethod',
  'uri',
  'responseCodeSent',
  'terminatingRuleId',
  'terminatingRuleType',
];
/** https://docs.aws.amazon.com/cognito/latest/developerguide/exporting-quotas-and-usage.html */
const ofExportedLogin = [
  'eventType',
  'eventResponse',
  'userSub',
  'ipAddress',
  'country',
  'riskLevel',
  'riskDecision',
  'compromisedCredentialDetected',
];
/** Of the line that Lambda itself writes about a failure. */
const ofLambda = ['errorMessage'];
const known = new Set([
  ...ofLambda,
  ...ofExportedLogin,
  ...ofEveryLine,
  ...ofWebAcl,
  ...membersOf(textOf('policy/audit-trail.ts'), 'export const trailFields'),
  ...membersOf(textOf('lambdas/logging/safe-logger.ts'), 'export interface SafeFields'),
  ...membersOf(textOf('lib/api.ts'), 'const accessLogFields'),
]);

describe('the fields of logs', () => {
  test('that saved queries read are written', () => {
    const source = textOf('lib/observability/saved-queries.ts');
    const queries = Array.from(
      source.matchAll(/^ {4}(?:fields|filter|stats|sort):\s*'([^']+)',$/gm),
      ([, query = '']) => query,
    );
    expect(queries.length).toBeGreaterThanOrEqual(15);
    const aliases = new Set(
      queries.flatMap((query) => Array.from(query.matchAll(/\bas (\w+)/g), ([, alias]) => alias)),
    );
    const read = queries.flatMap(fieldsOfQuery).filter((field) => !aliases.has(field));
    expect(read.filter((field) => !known.has(field))).toEqual([]);
  });

  test('that the runbook tells people to read are written', () => {
    const analysed = Array.from(
      textOf('docs/runbook.md').matchAll(/\*\*Analyse\.\*\*(?:(?!\*\*)[^\n])*/g),
      ([sentence]) => sentence,
    );
    expect(analysed.length).toBeGreaterThan(10);
    expect(analysed.flatMap(fieldsOfRunbook).filter((field) => !known.has(field))).toEqual([]);
  });

  test('that the queries of the runbook read are written', () => {
    const queries = sectionsOf(textOf('docs/runbook.md')).flatMap((section) => section.queries);
    expect(queries.length).toBeGreaterThan(10);
    expect(queries.flatMap(fieldsOfQuery).filter((field) => !known.has(field))).toEqual([]);
  });

  test('a field that nothing writes is found', () => {
    expect(fieldsOfQuery('event in ["A", "B"]')).toEqual(['event']);
    expect(fieldsOfQuery('count(*) as n, max(@timestamp) as latest by layer')).toEqual(['layer']);
    expect(fieldsOfQuery('stats max(authorizerLatency) as a by route | sort a desc')).toEqual([
      'authorizerLatency',
      'route',
    ]);
    expect(fieldsOfRunbook('by `integrationError` and `level=ERROR`')).toEqual([
      'integrationError',
      'level',
    ]);
    expect(known.has('layer')).toBe(false);
    expect(known.has('integrationError')).toBe(false);
  });
});
