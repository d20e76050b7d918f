import { parse } from 'yaml';
import * as z from 'zod';
import type { SourceFile } from './tracked-files.ts';

const step = z.looseObject({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).default({}),
});

const permissions = z.record(z.string(), z.enum(['read', 'write', 'none']));

const workflow = z.looseObject({
  permissions,
  jobs: z.record(
    z.string(),
    z.looseObject({
      uses: z.string().optional(),
      permissions: permissions.optional(),
      steps: z.array(step).default([]),
    }),
  ),
});

export type Step = z.infer<typeof step>;

/** A workflow of GitHub Actions, as far as the rules of the repository look at it. */
export interface Workflow {
  readonly path: string;
  readonly text: string;
  readonly content: z.infer<typeof workflow>;
}

export const readWorkflow = ({ path, text }: SourceFile): Workflow => ({
  path,
  text,
  content: workflow.parse(parse(text)),
});

export const stepsOf = ({ content }: Workflow): readonly Step[] =>
  Object.values(content.jobs).flatMap(({ steps }) => steps);

/**
 * What a workflow may not do, in words: an action that somebody else can change, a secret that is
 * kept, more than it needs.
 */
export const faultsOf = (given: Workflow): readonly string[] => {
  const { path, text, content } = given;
  const used = [
    ...stepsOf(given).flatMap(({ uses }) => uses ?? []),
    ...Object.values(content.jobs).flatMap(({ uses }) => uses ?? []),
  ];
  const unpinned = used.filter((each) => !/^\.\/|@[0-9a-f]{40}$/.test(each));
  const unnamed = Array.from(text.matchAll(/uses: (\S+@[0-9a-f]{40})(?! # v\d)/g), ([, u]) => u);
  const kept = stepsOf(given).filter(
    (each) =>
      each.uses?.startsWith('actions/checkout@') === true &&
      each.with['persist-credentials'] !== false,
  );
  const writes = Object.entries(content.permissions).filter(([, access]) => access === 'write');
  // A value that somebody else chose becomes a part of the script, wherever it stands in one.
  const inserted = stepsOf(given).filter(({ run = '' }) => run.includes('${{'));
  return [
    ...unpinned.map((each) => `${path}: ${each} is pinned to no commit`),
    ...unnamed.map((each) => `${path}: ${each} does not say which version it is`),
    ...kept.map(() => `${path}: a checkout keeps GitHub's token where scripts can read it`),
    ...writes.map(([name]) => `${path}: every job may write ${name}`),
    ...inserted.map(({ run }) => `${path}: an expression stands in a script: ${run}`),
    ...(text.includes('secrets.') ? [`${path}: a secret is kept at GitHub`] : []),
  ];
};
