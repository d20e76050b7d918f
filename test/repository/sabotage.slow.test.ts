import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { type Sabotage, sabotages } from './sabotage.ts';
import { trackedPaths } from './tracked-files.ts';

const root = join(import.meta.dirname, '../..');
let copy = '';

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'gatehouse-sabotage-'));
  for (const path of trackedPaths()) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    copyFileSync(join(root, path), join(copy, path));
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  mkdirSync(join(copy, 'tmp'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

const results = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

/** How the named tests end in the copy, by what is planted where. */
const statuses = (planted: readonly Sabotage[]): ReadonlyMap<Sabotage, readonly string[]> => {
  const output = join(copy, 'results.json');
  const names = planted.map(({ test }) => test.replaceAll(/[^\w ]/g, '.')).join('|');
  const { stderr } = spawnSync(
    process.execPath,
    [
      'node_modules/jest/bin/jest.js',
      '--selectProjects=unit',
      '--runInBand',
      '--reporters=default',
      '--json',
      `--outputFile=${output}`,
      `--testNamePattern=${names}`,
      '--runTestsByPath',
      ...new Set(planted.map(({ testFile }) => testFile)),
    ],
    // Its cache goes with the copy.
    { cwd: copy, encoding: 'utf8', env: { ...process.env, TMPDIR: join(copy, 'tmp') } },
  );
  const { testResults } = results.parse(JSON.parse(readFileSync(output, 'utf8')));
  rmSync(output);
  return new Map(
    planted.map((each) => {
      const found = testResults
        .filter(({ name }) => name.endsWith(each.testFile))
        .flatMap(({ assertionResults }) => assertionResults)
        .filter(({ fullName }) => fullName.includes(each.test));
      if (found.length === 0)
        throw new Error(`${each.testFile} has no test "${each.test}": ${stderr}`);
      return [each, [...new Set(found.map(({ status }) => status))]];
    }),
  );
};

describe('a control that is taken out of the program makes the test red that is named for it', () => {
  let sound: ReturnType<typeof statuses>;
  beforeAll(() => {
    sound = statuses(sabotages);
  });

  test.each(sabotages.map((each) => [each.fault, each] as const))('%s', (_, sabotage) => {
    const { edits } = sabotage;
    expect(sound.get(sabotage)).toEqual(['passed']);
    try {
      for (const { file, from, to } of edits) {
        const source = readFileSync(join(copy, file), 'utf8');
        expect(source.split(from)).toHaveLength(2);
        writeFileSync(join(copy, file), source.replace(from, to));
      }
      expect(statuses([sabotage]).get(sabotage)).toContain('failed');
    } finally {
      for (const { file } of edits) copyFileSync(join(root, file), join(copy, file));
    }
  });
});
