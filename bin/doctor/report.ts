import { cleanText } from '../../lambdas/logging/clean-text.ts';
import type { Outcome } from './examine.ts';

const marks = { passed: 'ok  ', failed: 'FAIL', skipped: '-   ' } as const;

/** Faults quote what a server sent: no control sequence of it reaches the terminal. */
export const shown = (detail: string): string => cleanText(detail, longestDetail);
const longestDetail = 600;

/** One line for a check, and for each fault one below it. */
export const line = ({ id, title, status, details, notes, fix }: Outcome): string =>
  [
    `${marks[status]} ${id.padEnd(24)} ${title}`,
    ...details.map((detail) => `       ${status === 'skipped' ? '' : '! '}${shown(detail)}`),
    ...(notes ?? []).map((note) => `       . ${shown(note)}`),
    ...(status === 'failed' ? [`       fix: ${fix}`] : []),
  ].join('\n');

export const count = (outcomes: readonly Outcome[], status: Outcome['status']): number =>
  outcomes.filter((outcome) => outcome.status === status).length;

export const summary = (outcomes: readonly Outcome[]): string =>
  `${count(outcomes, 'passed')} passed, ${count(outcomes, 'failed')} failed, ${count(outcomes, 'skipped')} skipped`;

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    // XML 1.0 knows no other control characters, escaped or not.
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/g, '\ufffd');

const inner = ({ status, details }: Outcome): string => {
  const message = escaped(details.join(' '));
  if (status === 'failed') return `<failure message="${message}"/>`;
  if (status === 'skipped') return `<skipped message="${message}"/>`;
  return '';
};

/** JUnit's XML, which pipelines show as test results. */
export const junit = (outcomes: readonly Outcome[]): string =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="gatehouse doctor" tests="${outcomes.length}" failures="${count(outcomes, 'failed')}" skipped="${count(outcomes, 'skipped')}">`,
    ...outcomes.map(
      (outcome) =>
        `  <testcase classname="${outcome.id}" name="${escaped(outcome.title)}">${inner(outcome)}</testcase>`,
    ),
    '</testsuite>',
    '',
  ].join('\n');
