import { localRuntime } from '../../policy/local-runtime.ts';

/** Replaces the port that was synthesized in a template's text. */
export const withPort =
  (port: number) =>
  (template: string): string =>
    template.replaceAll(
      new RegExp(`http://localhost:${localRuntime.placeholderPort}(?!\\d)`, 'g'),
      `http://localhost:${port}`,
    );
