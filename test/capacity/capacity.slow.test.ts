import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { templateOf } from '../judges/templates.ts';
import { blocks, withBlocks } from './blocks.ts';
import { judgedConfiguration } from './page.ts';
import { plot } from './plot.ts';

test('docs/capacity.md and its plots show what the simulation of 100,000 people gives', () => {
  const page = join(import.meta.dirname, '..', '..', 'docs', 'capacity.md');
  const written = readFileSync(page, 'utf8');
  const { tables, plotted } = blocks(templateOf(judgedConfiguration));
  expect(withBlocks(written, tables)).toBe(written);
  expect(readFileSync(page.replace(/\.md$/, '.svg'), 'utf8')).toBe(plot(plotted));
});
