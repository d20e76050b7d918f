/**
 * DNS suffix of a region's partition (AWS General Reference, "Regional endpoints"). GovCloud shares
 * the commercial one.
 */
export const dnsSuffix = (region: string): string =>
  region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
