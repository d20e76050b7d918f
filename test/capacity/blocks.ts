import type { JudgedTemplate } from '../judges/templates.ts';
import {
  boundsTable,
  dollarsTable,
  populations,
  type Result,
  results,
  scenarioHead,
  scenarioRow,
} from './page.ts';

/** Everything of docs/capacity.md that is computed. Takes seconds: 100,000 people are many. */
export const blocks = (template: JudgedTemplate) => {
  const [, many = 0, most = 0] = populations;
  const [some, all] = [results(template, many), results(template, most)];
  const tables = {
    bounds: boundsTable(template),
    dollars: dollarsTable(template),
    bursts: [scenarioHead, ...[...some, ...all].map(scenarioRow)].join('\n'),
  };
  const plotted: readonly Result[] = [...some.slice(0, 2), ...all];
  return { tables, plotted };
};

/** The page with what stands between `<!-- name -->` and `<!-- /name -->` replaced. */
export const withBlocks = (page: string, tables: Readonly<Record<string, string>>): string =>
  Object.entries(tables).reduce((text, [name, table]) => {
    const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const [before, rest] = text.split(begin);
    const [, after] = (rest ?? '').split(end);
    if (before === undefined || after === undefined) throw new Error(`The page has no ${begin}.`);
    return `${before}${begin}\n\n${table}\n\n${end}${after}`;
  }, page);
