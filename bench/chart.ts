import type { Row } from './report.ts';

const width = 760;
const barHeight = 18;
const gap = 6;
const labelWidth = 190;

interface Bar {
  readonly name: string;
  readonly value: number;
}

/** Two bar charts in one SVG: cold start, and CPU of a warm call. */
export const chart = (rows: readonly Row[]): string => {
  const cold = rows
    .filter(({ name }) => name !== 'hello')
    .map(({ name, coldMilliseconds: value }) => ({ name, value }));
  const warm = rows.flatMap(({ name, modernCall, legacyCall }) => {
    const measured = modernCall ?? legacyCall;
    return measured === undefined ? [] : [{ name, value: measured.p50 }];
  });
  const first = panel('Cold start beside an empty handler, ms (median)', cold, 20);
  const second = panel('Warm tools/call, CPU µs (median)', warm, first.end + 34);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${second.end + 10}" font-family="system-ui, sans-serif" font-size="12">`,
    '<title>What a cold start and a warm call cost</title>',
    `<rect width="100%" height="100%" fill="#fff"/>`,
    first.svg,
    second.svg,
    '</svg>',
    '',
  ].join('\n');
};

const panel = (title: string, bars: readonly Bar[], top: number) => {
  const ordered = [...bars].sort((one, two) => one.value - two.value);
  const most = Math.max(...ordered.map(({ value }) => value), 1);
  const scale = (width - labelWidth - 90) / most;
  const lines = ordered.map(({ name, value }, index) => {
    const y = top + 12 + index * (barHeight + gap);
    const own = name.startsWith('gatehouse') || name === 'authorizer';
    return [
      `<text x="${labelWidth - 8}" y="${y + 13}" text-anchor="end"${own ? ' font-weight="bold"' : ''}>${name}</text>`,
      `<rect x="${labelWidth}" y="${y}" width="${Math.max(1, value * scale).toFixed(1)}" height="${barHeight}" fill="${own ? '#1f6feb' : '#9aa4b2'}"/>`,
      `<text x="${(labelWidth + Math.max(1, value * scale) + 6).toFixed(1)}" y="${y + 13}">${value.toFixed(1)}</text>`,
    ].join('');
  });
  const end = top + 12 + ordered.length * (barHeight + gap);
  return {
    svg: [`<text x="10" y="${top}" font-weight="bold">${title}</text>`, ...lines].join('\n'),
    end,
  };
};
