export interface Line {
  readonly name: string;
  readonly color: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface Chart {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly lines: readonly Line[];
}

const [width, height] = [720, 420];
const area = { left: 64, right: width - 96, top: 48, bottom: height - 56 };
const ticks = 5;

/** A round number not below the value: 1, 2, 2.5 or 5 times a power of ten. */
const roundUp = (value: number): number => {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= value) ?? 10) * power;
};

/** A line chart with both axes from zero. */
export const svg = ({ title, x, y, lines }: Chart): string => {
  const points = lines.flatMap((line) => line.points);
  const [maximumX, maximumY] = [
    Math.max(...points.map((point) => point.x)),
    roundUp(Math.max(...points.map((point) => point.y))),
  ];
  const at = {
    x: (value: number) => (area.left + (value / maximumX) * (area.right - area.left)).toFixed(1),
    y: (value: number) => (area.bottom - (value / maximumY) * (area.bottom - area.top)).toFixed(1),
  };
  const text = (left: number | string, top: number | string, content: string, more = '') =>
    `<text x="${left}" y="${top}" ${more}>${content}</text>`;
  const grid = Array.from({ length: ticks + 1 }, (_, index) => (maximumY / ticks) * index).map(
    (value) =>
      `<line x1="${area.left}" x2="${area.right}" y1="${at.y(value)}" y2="${at.y(value)}" stroke="#ddd"/>` +
      text(area.left - 8, Number(at.y(value)) + 4, String(value), 'text-anchor="end"'),
  );
  const marks = [...new Set(points.map((point) => point.x))].map((value) =>
    text(at.x(value), area.bottom + 20, String(value), 'text-anchor="middle"'),
  );
  const drawn = lines.map(({ name, color, points: own }) => {
    const end = own.at(-1);
    return [
      `<polyline fill="none" stroke="${color}" stroke-width="2" points="${own.map((point) => `${at.x(point.x)},${at.y(point.y)}`).join(' ')}"/>`,
      ...own.map(
        (point) => `<circle cx="${at.x(point.x)}" cy="${at.y(point.y)}" r="3" fill="${color}"/>`,
      ),
      end && text(area.right + 10, Number(at.y(end.y)) + 4, name, `fill="${color}"`),
    ].join('');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text(area.left, 26, title, 'font-size="15" font-weight="bold"'),
    ...grid,
    ...marks,
    text((area.left + area.right) / 2, height - 14, x, 'text-anchor="middle"'),
    text(
      16,
      (area.top + area.bottom) / 2,
      y,
      `text-anchor="middle" transform="rotate(-90 16 ${(area.top + area.bottom) / 2})"`,
    ),
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
};
