import type { SourceFile } from './tracked-files.ts';

/** What a document tells people to type: `npm run x`, `npx gatehouse x`, `npx cdk x`. */
export function unknownCommands(
  files: readonly SourceFile[],
  known: { readonly scripts: readonly string[]; readonly commands: readonly string[] },
): string[] {
  const ofNpm = ['ci', 'pack', 'i', 'install'];
  const ofCdk = ['bootstrap', 'deploy', 'destroy', 'diff', 'synth', 'ls'];
  return files.flatMap(({ path, text }) =>
    Array.from(
      text.matchAll(/\b(npm run|npm|npx gatehouse|npx cdk) ([a-z][\w:-]*)/g),
      ([typed, program = '', word = '']) => {
        const allowed: Readonly<Record<string, readonly string[]>> = {
          'npm run': known.scripts,
          npm: [...ofNpm, ...known.scripts.filter((name) => ['start', 'test'].includes(name))],
          'npx gatehouse': known.commands,
          'npx cdk': ofCdk,
        };
        return allowed[program]?.includes(word) ? [] : [`${path}: ${typed}`];
      },
    ).flat(),
  );
}
