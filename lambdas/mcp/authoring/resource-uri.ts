/** Neither reserved nor unreserved in RFC 3986, nor part of a percent-encoding. */
const notInUris = /[^\w.~!*'();:@&=+$,/?#[\]%-]/gu;
const encodedByte = /%[\dA-Fa-f]{2}/g;

/**
 * A URI as RFC 6570 section 2.1 expands its literals: what no URI may hold (spaces, non-ASCII) is
 * percent-encoded, and percent-encodings are in upper case. Definitions and requests are compared in
 * this form, since some clients send a URI as it was listed, and others as their URI class writes it.
 */
export const percentEncoded = (uri: string): string =>
  uri
    .toWellFormed()
    .replace(notInUris, (character) => encodeURIComponent(character))
    .replace(encodedByte, (byte) => byte.toUpperCase());
