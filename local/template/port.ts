import { laptop } from '../../policy/laptop.ts';

/** Replaces the port that was synthesized in a template's text. */
export const withPort =
  (port: number) =>
  (template: string): string =>
    template.replaceAll(
      new RegExp(`http://localhost:${laptop.placeholderPort}(?!\\d)`, 'g'),
      `http://localhost:${port}`,
    );
