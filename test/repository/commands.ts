import type { SourceFile } from './tracked-files.ts';

/** What a document tells people to type: `npm run x`, `npx gatehouse x`, `npx cdk x`. */
export function unknownCommands(
  files: readonly SourceFile[],
  known: { readonly scripts: readonly string[]; readonly commands: readonly string[] },
): string[] {
  const ofNpm = ['audit', 'ci', 'pack', 'i', 'install', 'publish', 'sbom'];
  const ofCdk = ['bootstrap', 'deploy', 'destroy', 'diff', 'synth', 'ls'];
  return files.flatMap(({ path, text }) =>
    Array.from(
      text.matchAll(/\b(npm run|npm|npx(?: --no-install)? (?:gatehouse|cdk)) ([a-z][\w:-]*)/g),
      ([typed, program = '', word = '']) => {
        const allowed: Readonly<Record<string, readonly string[]>> = {
          'npm run': known.scripts,
          npm: [...ofNpm, ...known.scripts.filter((name) => ['start', 'test'].includes(name))],
          'npx gatehouse': known.commands,
          'npx cdk': ofCdk,
        };
        return allowed[program.replace(' --no-install', '')]?.includes(word)
          ? []
          : [`${path}: ${typed}`];
      },
    ).flat(),
  );
}
