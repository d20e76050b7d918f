import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withBlocks } from '../../capacity/blocks.ts';
import { templateOf } from '../../judges/templates.ts';
import { costBlocks, costChart } from './page.ts';

/** `npm run cost`: computes the tables and the chart of docs/cost.md anew. */
const page = join(import.meta.dirname, '..', '..', '..', 'docs', 'cost.md');
const blocks = costBlocks((mode) => templateOf(`${mode}, production`));
writeFileSync(page, withBlocks(readFileSync(page, 'utf8'), blocks));
writeFileSync(page.replace(/\.md$/, '.svg'), costChart(templateOf('domain, production')));
console.log('docs/cost.md and docs/cost.svg are written.');
