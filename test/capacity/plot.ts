import type { Result } from './page.ts';

const panel = { width: 440, height: 150, left: 72, gap: 46 } as const;
const secondsPerPoint = 5;

/** Requests a second over time, and what was refused of them, a panel for each result. */
export const plot = (all: readonly Result[]): string => {
  const rows = Math.ceil(all.length / 2);
  const width = 2 * (panel.width + panel.left) + 20;
  const height = rows * (panel.height + panel.gap) + 40;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12">`,
    '<title>Requests of each burst by the second, and what was refused</title>',
    '<rect width="100%" height="100%" fill="#fff"/>',
    `<text x="${panel.left}" y="18"><tspan fill="#1f6feb">requests a second, tries again included</tspan><tspan dx="16" fill="#b42318">refused</tspan></text>`,
    ...all.map((result, index) =>
      drawn(
        result,
        panel.left + (index % 2) * (panel.width + panel.left),
        52 + Math.floor(index / 2) * (panel.height + panel.gap),
      ),
    ),
    '</svg>',
    '',
  ].join('\n');
};

const drawn = ({ scenario, users, outcome }: Result, x: number, y: number): string => {
  const points = averaged(outcome.timeline);
  const most = Math.max(1, ...points.map(({ requests }) => requests));
  const step = panel.width / Math.max(1, points.length - 1);
  const line = (of: (point: (typeof points)[number]) => number, color: string): string => {
    const path = points.map((point, index) => {
      const height = y + panel.height - (of(point) / most) * panel.height;
      return `${(x + index * step).toFixed(1)},${height.toFixed(1)}`;
    });
    return `<polyline fill="none" stroke="${color}" stroke-width="1.5" points="${path.join(' ')}"/>`;
  };
  const seconds = points.length * secondsPerPoint;
  const name = scenario.name.replaceAll('`', '');
  return [
    `<text x="${x}" y="${y - 8}" font-weight="bold">${name}, ${users.toLocaleString('en-US')} users</text>`,
    `<path d="M${x} ${y}V${y + panel.height}H${x + panel.width}" fill="none" stroke="#57606a"/>`,
    `<text x="${x - 6}" y="${y + 10}" text-anchor="end">${Math.round(most)}</text>`,
    `<text x="${x - 6}" y="${y + panel.height}" text-anchor="end">0</text>`,
    `<text x="${x + panel.width}" y="${y + panel.height + 16}" text-anchor="end">${seconds} s</text>`,
    line(({ requests }) => requests, '#1f6feb'),
    line(({ refused }) => refused, '#b42318'),
  ].join('\n');
};

const averaged = (timeline: Result['outcome']['timeline']) =>
  Array.from({ length: Math.ceil(timeline.length / secondsPerPoint) }, (_, index) => {
    const slice = timeline.slice(index * secondsPerPoint, (index + 1) * secondsPerPoint);
    const mean = (of: (each: (typeof slice)[number]) => number) =>
      slice.reduce((sum, each) => sum + of(each), 0) / secondsPerPoint;
    return { requests: mean(({ requests }) => requests), refused: mean(({ refused }) => refused) };
  });
