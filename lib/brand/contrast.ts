type Rgb = readonly [number, number, number];

const rgb = (colour: string): Rgb => [
  Number.parseInt(colour.slice(1, 3), 16),
  Number.parseInt(colour.slice(3, 5), 16),
  Number.parseInt(colour.slice(5, 7), 16),
];

const hex = (channels: Rgb): string =>
  `#${channels.map((channel) => Math.round(channel).toString(16).padStart(2, '0')).join('')}`;

/** WCAG 2.2, "relative luminance". */
const luminance = (colour: string): number => {
  const [red, green, blue] = rgb(colour).map((channel) => {
    const value = channel / 255;
    return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
};

/** WCAG 2.2, "contrast ratio": 1 to 21, of two colours written `#rrggbb`. */
export const contrast = (one: string, other: string): number => {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

/** The least contrast that a colour has with any of these. */
export const leastContrast = (colour: string, papers: readonly string[]): number =>
  Math.min(...papers.map((paper) => contrast(colour, paper)));

/** A colour with a share (0 to 1) of another one in it. */
export const mixed = (colour: string, other: string, share: number): string => {
  const [from, to] = [rgb(colour), rgb(other)];
  const channel = (index: 0 | 1 | 2) => from[index] + (to[index] - from[index]) * share;
  return hex([channel(0), channel(1), channel(2)]);
};

const steps = 255;

/**
 * The colour with the least of black (on light papers) or white (on dark ones) mixed in that
 * reaches a contrast with all of these: the hue stays.
 */
export const nearestReadable = (
  colour: string,
  papers: readonly string[],
  least: number,
): string => {
  const isLight = papers.every((paper) => luminance(paper) > 0.5);
  const ink = isLight ? '#000000' : '#ffffff';
  for (let step = 0; step < steps; step += 1) {
    const candidate = mixed(colour, ink, step / steps);
    if (leastContrast(candidate, papers) >= least) return candidate;
  }
  return ink;
};
