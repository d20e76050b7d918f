import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack, Validations } from 'aws-cdk-lib/core';
import {
  type Comparison,
  compared,
  comparedWithSnapshot,
  comparisonOutcome,
} from '../../../bin/compare/comparison.ts';
import { BreakingChanges } from '../../../lib/breaking/plugin.ts';
import { writeSnapshot } from '../../../lib/breaking/snapshot.ts';
import {
  type BreakingChange,
  breakingChanges,
  policyMetadata,
} from '../../../policy/deployment.ts';
import { broken, kept } from '../../lib/breaking/broken-promises.ts';
import { testApp } from '../../lib/test-app.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

/**
 * Each kind of breaking change: named, refused, and let through by its own word and by no other, at
 * each of the places that look.
 */

const path = 'Orders/Mcp';
const isKind = (word: string): word is BreakingChange => Object.hasOwn(breakingChanges, word);
const kinds = Object.keys(breakingChanges).filter(isKind);

const published = (change: object, allowBreaking: readonly string[]) => ({
  promises: { ...kept, ...change },
  allowBreaking,
});
const template = (change: object = {}, allowBreaking: readonly string[] = []) => ({
  Metadata: { [`${policyMetadata}${path}`]: published(change, allowBreaking) },
  Resources: {},
});

type Look = (next: object) => readonly Comparison[];
const looks: readonly (readonly [string, Look])[] = [
  ['the deployed template', (next) => compared('Orders', template(), next)],
  ['the committed snapshot', (next) => comparedWithSnapshot({ [path]: kept }, next)],
];

describe.each(looks)('gatehouse compare with %s', (_, look) => {
  it.each(kinds)('%s', (kind) => {
    const others = kinds.filter((each) => each !== kind);
    const said = (allowed: readonly string[]) => {
      const found = look(template(broken[kind], allowed));
      return {
        found: found.flatMap(({ breaches }) => breaches.map((breach) => breach.kind)),
        refused: found.flatMap(({ refused }) => refused.map((breach) => breach.kind)),
        text: comparisonOutcome('Orders', found).text,
      };
    };
    const line = (word: string) =>
      new RegExp(`^  ${word}  ${kind}: .*: ${breakingChanges[kind]}\\.$`, 'm');
    for (const allowed of [[], others])
      expect(said(allowed)).toEqual({
        found: [kind],
        refused: [kind],
        text: expect.stringMatching(line('refused')),
      });
    expect(said(others).text).toContain(`allowBreaking: ['${kind}']`);
    expect(said([kind])).toEqual({
      found: [kind],
      refused: [],
      text: expect.stringMatching(line('allowed')),
    });
  });
});

describe('a synthesis', () => {
  const folder = temporaryFolder();
  const snapshot = join(folder, 'snapshot.json');

  /** The kinds that it is refused for, with the fix that each names. */
  const synthesize = (kind: BreakingChange, allowed: readonly string[]) => {
    writeSnapshot(snapshot, { [path]: kept });
    const outdir = join(folder, 'cdk.out');
    const app = testApp({ outdir });
    new Stack(app, 'Orders').addMetadata(
      `${policyMetadata}${path}`,
      published(broken[kind], allowed),
    );
    Validations.of(app).addPlugins(new BreakingChanges(snapshot));
    let failed = false;
    try {
      app.synth();
    } catch {
      failed = true;
    }
    const report = join(outdir, 'validation-report.json');
    const {
      pluginReports,
    }: { pluginReports: { violations: { ruleName: string; suggestedFix: string }[] }[] } =
      existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : { pluginReports: [] };
    const violations = pluginReports.flatMap((each) => each.violations);
    return {
      failed,
      refused: violations.map(({ ruleName }) => ruleName),
      fixes: violations.map(({ suggestedFix: fix }) => /allowBreaking: \[[^\]]*\]/.exec(fix)?.[0]),
      isExpectedNext: JSON.parse(readFileSync(snapshot, 'utf8')).gatehouses[path],
    };
  };

  it.each(kinds)('%s', (kind) => {
    const others = kinds.filter((each) => each !== kind);
    const refused = {
      failed: true,
      refused: [kind],
      fixes: [`allowBreaking: ['${kind}']`],
      isExpectedNext: kept,
    };
    expect(synthesize(kind, [])).toEqual(refused);
    expect(synthesize(kind, others)).toEqual(refused);
    expect(synthesize(kind, [kind])).toEqual({
      failed: false,
      refused: [],
      fixes: [],
      isExpectedNext: { ...kept, ...broken[kind] },
    });
  });
});
