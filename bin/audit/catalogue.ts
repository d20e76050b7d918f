/** A control of docs/controls.md, with what docs/control-evidence.md says of it. */
export interface Control {
  readonly id: string;
  /** The heading that it stands under, such as `Authentication`. */
  readonly section: string;
  readonly text: string;
  /** The file that enforces it first. */
  readonly source: string | undefined;
  /** The test that shows it. */
  readonly test: string | undefined;
}

const heading = /^## [A-Z]\. ([^(,]+)/;
const controlRow = /^\| ((?:AUTH|OAUTH|IN|RATE|CONF|CORS|ERR|LOG|MON)-\d+) \| (.+) \|$/;
const headerRow = /^\| `([A-Z][A-Za-z-]+)`(?: \((production|development)\))? \| `(.+)` \|$/;

/** The rows of the header table have no row of evidence each: one room writes all of them. */
const headerEvidence = {
  source: 'policy/headers.ts',
  test: 'test/lambdas/middleware/headers-everywhere.test.ts',
} as const;

/**
 * Reads the catalogue. A control that the second document does not name has neither file nor test,
 * and so no evidence.
 */
export const readCatalogue = (controls: string, evidence: string): readonly Control[] => {
  const rows = new Map(
    Array.from(evidence.matchAll(/^\| (\S+) \| `(.+)` \| `(.+)` \|$/gm), ([, id, source, test]) => [
      id,
      { source, test },
    ]),
  );
  let section = '';
  return controls.split('\n').flatMap((line): readonly Control[] => {
    section = heading.exec(line)?.[1]?.trim() ?? section;
    const [, id, text] = controlRow.exec(line) ?? [];
    if (id !== undefined && text !== undefined) {
      const { source, test } = rows.get(id) ?? {};
      return [{ id, section, text: text.replace(/ \| *$/, ''), source, test }];
    }
    const [, name, environment, value] = headerRow.exec(line) ?? [];
    if (name === undefined || environment === 'development') return [];
    return [{ id: name, section, text: value ?? '', ...headerEvidence }];
  });
};
