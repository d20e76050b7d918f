import type { Row } from './report.ts';

const width = 760;
const barHeight = 18;
const gap = 6;

interface Bar {
  readonly name: string;
  readonly value: number;
  /** Stands out. */
  readonly own?: boolean;
}

/** Bars from the shortest to the longest. */
interface Panel {
  readonly title: string;
  readonly bars: readonly Bar[];
  /** Of each value. */
  readonly digits: number;
}

/** Two bar charts in one SVG: cold start, and CPU of a warm call. */
export const chart = (rows: readonly Row[]): string => {
  const own = (name: string) => name.startsWith('gatehouse') || name === 'authorizer';
  const cold = rows
    .filter(({ name }) => name !== 'hello')
    .map(({ name, coldCpuMilliseconds: value }) => ({ name, value, own: own(name) }));
  const warm = rows.flatMap(({ name, modernCall, legacyCall }) => {
    const measured = modernCall ?? legacyCall;
    return measured === undefined ? [] : [{ name, value: measured.p50, own: own(name) }];
  });
  return barCharts('What a cold start and a warm call cost', [
    { title: 'Cold start beside an empty handler, CPU ms (median)', bars: cold, digits: 1 },
    { title: 'Warm tools/call, CPU µs (median)', bars: warm, digits: 1 },
  ]);
};

/** Bar charts below each other in one SVG. */
export const barCharts = (title: string, panels: readonly Panel[], labelWidth = 190): string => {
  let top = 20;
  const drawn = panels.map((each) => {
    const { svg, end } = panel(each, top, labelWidth);
    top = end + 34;
    return svg;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${top - 24}" font-family="system-ui, sans-serif" font-size="12">`,
    `<title>${title}</title>`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
};

const panel = ({ title, bars, digits }: Panel, top: number, labelWidth: number) => {
  const ordered = [...bars].sort((one, two) => one.value - two.value);
  const most = Math.max(...ordered.map(({ value }) => value), 1);
  const scale = (width - labelWidth - 90) / most;
  const lines = ordered.map(({ name, value, own }, index) => {
    const y = top + 12 + index * (barHeight + gap);
    return [
      `<text x="${labelWidth - 8}" y="${y + 13}" text-anchor="end"${own ? ' font-weight="bold"' : ''}>${name}</text>`,
      `<rect x="${labelWidth}" y="${y}" width="${Math.max(1, value * scale).toFixed(1)}" height="${barHeight}" fill="${own ? '#1f6feb' : '#9aa4b2'}"/>`,
      `<text x="${(labelWidth + Math.max(1, value * scale) + 6).toFixed(1)}" y="${y + 13}">${value.toFixed(digits)}</text>`,
    ].join('');
  });
  const end = top + 12 + ordered.length * (barHeight + gap);
  return {
    svg: [`<text x="10" y="${top}" font-weight="bold">${title}</text>`, ...lines].join('\n'),
    end,
  };
};
