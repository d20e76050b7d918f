import { escapeHtml } from '../../lambdas/errors/page.ts';
import type { Flow } from './data-flow.ts';

const box = { width: 150, height: 34, across: 210, down: 50, margin: 16 } as const;

/** Steps from the client, so that an arrow goes from left to right where it can. */
const depths = (flows: readonly Flow[]): ReadonlyMap<string, number> => {
  const depth = new Map<string, number>([['client', 0]]);
  // No way is longer than there are flows.
  for (let round = 0; round < flows.length; round += 1)
    for (const { from, to } of flows) {
      const next = (depth.get(from) ?? 0) + 1;
      if (!depth.has(to)) depth.set(to, next);
    }
  return depth;
};

/** The flows as a drawing: a column for each step. */
export const flowPicture = (flows: readonly Flow[]): string => {
  const depth = depths(flows);
  const columns = Map.groupBy(depth.keys(), (name) => depth.get(name) ?? 0);
  const places = new Map(
    [...columns].flatMap(([column, names]) =>
      names.map((name, row) => [
        name,
        { x: box.margin + column * box.across, y: box.margin + row * box.down },
      ]),
    ),
  );
  const width = columns.size * box.across;
  const height =
    Math.max(...[...columns.values()].map(({ length }) => length)) * box.down + box.margin;
  const edges = flows.flatMap(({ from, to }) => {
    const [start, end] = [places.get(from), places.get(to)];
    if (start === undefined || end === undefined) return [];
    const [x1, y1] = [start.x + box.width, start.y + box.height / 2];
    return [
      `<path class="edge" d="M${x1} ${y1}C${x1 + 30} ${y1} ${end.x - 30} ${end.y + box.height / 2} ${end.x} ${end.y + box.height / 2}" fill="none" marker-end="url(#arrow)"/>`,
    ];
  });
  const boxes = [...places].map(
    ([name, { x, y }]) =>
      `<rect class="box" x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="6"/><text x="${x + box.width / 2}" y="${y + 22}" text-anchor="middle">${escapeHtml(name)}</text>`,
  );
  return `<svg role="img" aria-label="Where data goes" viewBox="0 0 ${width} ${height}" width="${width}" font-family="system-ui,sans-serif" font-size="13"><defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="edge" d="M0 0L8 4L0 8" fill="none"/></marker></defs>${edges.join('')}${boxes.join('')}</svg>`;
};
