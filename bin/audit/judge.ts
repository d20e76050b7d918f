import type { Control } from './catalogue.ts';
import type { Resources } from './resources.ts';
import { type Standards, standardsOf } from './standards.ts';
import { type Fact, templateFacts } from './template-evidence.ts';
import { installRelease, type TestResults } from './test-results.ts';
import type { TestedSources } from './tested-sources.ts';

/** A control with its evidence, and what is wrong with it. */
export interface JudgedControl extends Control {
  /** Lines of the policy that name it; a control without figures has none. */
  readonly policy: readonly string[];
  readonly facts: readonly Fact[];
  readonly lastTest: TestResults[string] | undefined;
  readonly standards: Standards;
  /** Empty where it has all of its evidence. */
  readonly faults: readonly string[];
}

export interface Evidence {
  readonly resources: Resources;
  /** The text of a source file; undefined where it is gone. */
  readonly readSource: (path: string) => string | undefined;
  readonly policyLines: (id: string) => readonly string[];
  readonly testResults: TestResults;
  /** What a test would run with now; left out where the sources cannot have changed: in a package. */
  readonly testedSources?: TestedSources | undefined;
}

export const judge = (control: Control, evidence: Evidence): JudgedControl => {
  const facts = templateFacts(control, evidence.resources);
  const lastTest = control.test === undefined ? undefined : evidence.testResults[control.test];
  return {
    ...control,
    policy: evidence.policyLines(control.id),
    facts,
    lastTest,
    standards: standardsOf(control.id),
    faults: [
      ...sourceFaults(control, evidence),
      ...testFaults(control, lastTest, evidence.testedSources),
      ...facts
        .filter(({ holds }) => !holds)
        .map(({ resource, property, value }) => `${resource}: ${property} is ${value}`),
    ],
  };
};

const sourceFaults = (
  { id, source, section }: Control,
  { readSource }: Evidence,
): readonly string[] => {
  if (source === undefined) return ['no file is named that enforces it'];
  const text = readSource(source);
  if (text === undefined) return [`${source} is gone`];
  // A header's row is written in lower case, and some by facts of Middy's.
  if (section === 'Response headers') return [];
  return new RegExp(`\\b${id}\\b`).test(text) ? [] : [`${source} does not name ${id}`];
};

/** The tests are the repository's: an app with the package has what its release brought, and cannot run them. */
const remedy = (sources: TestedSources | undefined, here = 'run npm test'): string =>
  sources === undefined ? installRelease : here;

const testFaults = (
  { test }: Control,
  last: TestResults[string] | undefined,
  sources: TestedSources | undefined,
): readonly string[] => {
  if (test === undefined) return ['no test is named that shows it'];
  if (sources !== undefined && sources(test) === undefined) return [`${test} is gone`];
  if (last === undefined) return [`${test} has no result: ${remedy(sources)}`];
  const all = last.failed + last.passed + last.skipped;
  if (last.failed > 0) return [`${test} failed (${last.failed} of ${all})`];
  if (last.passed === 0) return [`${test} tested nothing`];
  if (last.skipped > 0)
    return [`${test} left out ${last.skipped} of ${all}: ${remedy(sources, 'run all of it')}`];
  if (sources !== undefined && sources(test) !== last.sources)
    return [`${test} ran with other sources than these: run npm test`];
  return [];
};
