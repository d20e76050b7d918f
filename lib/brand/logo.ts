import { readFileSync, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { brandBounds } from '../../policy/pages.ts';
import { faultOfPng, isPng } from './png.ts';
import { faultOfSvg } from './svg.ts';

export interface Logo {
  /** As Cognito names it. */
  readonly extension: 'PNG' | 'SVG';
  readonly base64: string;
}

/**
 * Reads a logo. It is shown as a picture from a `data:` URL, in which no browser runs or loads
 * anything, and never as a part of a page; so that it cannot do anything elsewhere either, only what
 * draws is taken.
 * @returns the logo, or what is wrong with it
 */
export const readLogo = (path: string): Logo | string => {
  if (/^[a-z]{2,}:/i.test(path))
    return 'is a URL: give the absolute path of a file, which is read at synthesis';
  if (!isAbsolute(path))
    return `is not an absolute path: give join(import.meta.dirname, '${path}')`;
  const bytes = bytesOf(path);
  if (typeof bytes === 'string') return bytes;
  if (isPng(bytes))
    return faultOfPng(bytes) ?? { extension: 'PNG', base64: bytes.toString('base64') };
  return (
    faultOfSvg(bytes.toString('utf8')) ?? { extension: 'SVG', base64: bytes.toString('base64') }
  );
};

const bytesOf = (path: string): Buffer | string => {
  try {
    const { size } = statSync(path);
    return size > brandBounds.logoBytes
      ? `has ${size} bytes, and at most ${brandBounds.logoBytes} are taken`
      : readFileSync(path);
  } catch {
    return 'cannot be read';
  }
};

const mediaTypes = { PNG: 'image/png', SVG: 'image/svg+xml' } as const;

export const dataUrl = ({ extension, base64 }: Logo): string =>
  `data:${mediaTypes[extension]};base64,${base64}`;
