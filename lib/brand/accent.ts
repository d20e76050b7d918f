import { brandBounds, managedLoginPapers, pageColours } from '../../policy/pages.ts';
import { leastContrast, nearestReadable } from './contrast.ts';

/** One colour for each scheme, as `#rrggbb`. */
export interface Accent {
  readonly light: string;
  readonly dark: string;
}

/** What an accent stands on: our pages, and Cognito's. No colour reads well on both schemes. */
const papers = {
  light: [pageColours.light.paper, managedLoginPapers.light],
  dark: [pageColours.dark.paper, managedLoginPapers.dark],
} as const;

/** What is wrong with a colour in a scheme, or undefined; with the nearest that is not. */
export const faultOfAccent = (colour: string, scheme: keyof Accent): string | undefined => {
  const found = leastContrast(colour, papers[scheme]);
  if (found >= brandBounds.contrast) return undefined;
  const nearest = nearestReadable(colour, papers[scheme], brandBounds.contrast);
  return `${colour} has a contrast of ${found.toFixed(2)} on the ${scheme} pages, and WCAG asks for ${brandBounds.contrast}: the nearest that has it is ${nearest}`;
};

/** A single colour is the light pages'; the dark ones have the nearest that reads well there. */
export const accentOf = (given: string | Accent): Accent =>
  typeof given === 'string'
    ? { light: given, dark: nearestReadable(given, papers.dark, brandBounds.contrast) }
    : given;
