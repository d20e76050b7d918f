import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { templateOf } from '../judges/templates.ts';
import { blocks, withBlocks } from './blocks.ts';
import { judgedConfiguration } from './page.ts';
import { plot } from './plot.ts';

/** `npm run capacity`: computes the tables and plots of docs/capacity.md anew. */
const page = join(import.meta.dirname, '..', '..', 'docs', 'capacity.md');
const { tables, plotted } = blocks(templateOf(judgedConfiguration));
writeFileSync(page, withBlocks(readFileSync(page, 'utf8'), tables));
writeFileSync(page.replace(/\.md$/, '.svg'), plot(plotted));
console.log('docs/capacity.md and docs/capacity.svg are written.');
