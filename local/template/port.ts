/**
 * The port that the laptop's template is synthesized with. It stands in no other URL, so putting the real port in its place
 * when the template is played changes nothing else, and one synthesis serves every port.
 */
export const placeholderPort = 65_535;

/** Replaces the placeholder in a template's text. */
export const withPort =
  (port: number) =>
  (template: string): string =>
    template.replaceAll(new RegExp(`http://localhost:${placeholderPort}(?!\\d)`, 'g'), `http://localhost:${port}`);
