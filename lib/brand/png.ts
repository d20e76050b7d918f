import { brandBounds } from '../../policy/pages.ts';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Length, type and checksum of a chunk. */
const chunkFrame = 12;

export const isPng = (bytes: Buffer): boolean => bytes.subarray(0, 8).equals(signature);

/** The types of a PNG's chunks, in order, or undefined where they do not fill the file. */
const chunksOf = (bytes: Buffer): readonly string[] | undefined => {
  const types: string[] = [];
  let at = signature.length;
  while (at + chunkFrame <= bytes.length) {
    types.push(bytes.toString('latin1', at + 4, at + 8));
    at += chunkFrame + bytes.readUInt32BE(at);
  }
  return at === bytes.length ? types : undefined;
};

/**
 * What is wrong with a PNG (ISO/IEC 15948), or undefined: one still picture of a bounded size, and
 * nothing after its end.
 */
export const faultOfPng = (bytes: Buffer): string | undefined => {
  const types = chunksOf(bytes);
  if (types?.[0] !== 'IHDR' || types.at(-1) !== 'IEND' || !types.includes('IDAT'))
    return 'is not a whole PNG';
  if (types.includes('acTL')) return 'moves';
  const sides = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  return sides.every((side) => side >= 1 && side <= brandBounds.logoPixels)
    ? undefined
    : `has a side of 0 or over ${brandBounds.logoPixels} pixels`;
};
