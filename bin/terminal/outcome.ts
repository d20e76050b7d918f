import { cleanText } from '../../lambdas/logging/clean-text.ts';

/** What a command did: text for people, an object for programs. */
export interface Outcome {
  readonly text: string;
  readonly json: object;
}

const longestLine = 2000;

/** Text may quote what users and services wrote: no control sequence of it reaches the terminal. */
export const shownText = (text: string): string =>
  text
    .split('\n')
    .map((line) => `${/^ */.exec(line)?.[0] ?? ''}${cleanText(line, longestLine)}`)
    .join('\n');

/** Writes an outcome: one line of JSON with `--json`. */
export const printOutcome = ({ text, json }: Outcome, asJson: boolean | undefined): void =>
  console.log(asJson ? JSON.stringify(json) : shownText(text));
