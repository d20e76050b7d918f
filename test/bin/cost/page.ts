import { barCharts } from '../../../bench/chart.ts';
import {
  type CostedTemplate,
  itemsOfTrail,
  itemsPerMillion,
  monthlyItems,
  sumOf,
} from '../../../bin/cost/cost.ts';
import { urlModes } from '../../../policy/deployment.ts';
import { costTable } from './cost-table.ts';

type TemplateOfMode = (mode: (typeof urlModes)[number]) => CostedTemplate;

/** Everything of docs/cost.md that is computed. */
export const costBlocks = (templateOf: TemplateOfMode) => ({
  idle: costTable(
    'a month, idle',
    urlModes.map((mode) => [mode, monthlyItems(templateOf(mode))]),
  ),
  calls: costTable(
    'a million calls',
    urlModes.map((mode) => [mode, itemsPerMillion(templateOf(mode))]),
  ),
  trail: urlModes
    .map((mode) => {
      const [all, trail] = [itemsPerMillion(templateOf(mode)), itemsOfTrail(templateOf(mode))];
      return `- \`${mode}\`: ${sumOf(all).toFixed(2)} dollars, of which the audit trail is ${sumOf(trail).toFixed(2)}: ${(sumOf(all) - sumOf(trail)).toFixed(2)} without it.`;
    })
    .join('\n'),
});

/** docs/cost.svg: where the dollars of a million calls go, in `domain` mode. */
export const costChart = (template: CostedTemplate): string =>
  barCharts(
    'What a million calls cost, in US dollars',
    [
      {
        title: 'A million calls in domain mode, US dollars by list prices',
        bars: itemsPerMillion(template)
          .filter(({ count }) => count > 0)
          .map(({ what, dollars }) => ({
            name: what,
            value: dollars,
            own: itemsOfTrail(template).some((item) => item.what === what),
          })),
        digits: 3,
      },
    ],
    280,
  );
