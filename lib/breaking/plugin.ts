import { readFileSync } from 'node:fs';
import type {
  IPolicyValidationContext,
  IPolicyValidationPlugin,
  PolicyValidationPluginReport,
} from 'aws-cdk-lib/core';
import type { BreakingChange } from '../../policy/deployment.ts';
import { type Breach, breaches } from './compare.ts';
import { type Published, publishedIn } from './published.ts';
import { readSnapshot, writeSnapshot } from './snapshot.ts';

/**
 * Refuses a synthesis whose deployment would cut off people or clients, by what the last one
 * promised. That stands in a file which is committed, since a synthesis has no account to ask; the
 * first synthesis writes it, and each one that breaks nothing keeps it up to date.
 *
 * @example Validations.of(app).addPlugins(new BreakingChanges('gatehouse.snapshot.json'));
 */
export class BreakingChanges implements IPolicyValidationPlugin {
  readonly name = 'gatehouse-breaking-changes';
  private readonly file: string;

  /** @param file - path of the snapshot */
  constructor(file: string) {
    this.file = file;
  }

  validate({ stackTemplates }: IPolicyValidationContext): PolicyValidationPluginReport {
    const known = readSnapshot(this.file);
    const found = stackTemplates.map(({ templatePath, stackConstructPath }) => ({
      templatePath,
      stackConstructPath,
      gatehouses: publishedIn(JSON.parse(readFileSync(templatePath, 'utf8'))),
    }));
    const violations = found.flatMap(({ templatePath, stackConstructPath, gatehouses }) =>
      Object.entries(gatehouses).flatMap(([path, published]) =>
        notAllowed(known[path], published, path).map(({ kind, reason }) => ({
          ruleName: kind,
          description: reason,
          fix: `Take the change back, or agree to it: allowBreaking: ['${kind}'] in the configuration of ${path}, for this one deployment.`,
          severity: 'error',
          violatingResources: [
            // The file of the template is not what somebody has to change.
            { resourceLogicalId: stackConstructPath, templatePath, locations: [] },
          ],
        })),
      ),
    );
    if (violations.length > 0) return { success: false, violations };
    const now = Object.fromEntries(
      found.flatMap(({ gatehouses }) =>
        Object.entries(gatehouses).map(([path, { promises }]) => [path, promises]),
      ),
    );
    writeSnapshot(this.file, { ...known, ...now });
    return { success: true, violations: [] };
  }
}

const notAllowed = (
  before: Published['promises'] | undefined,
  { promises, allowed }: Published,
  path: string,
): readonly Breach[] => {
  const found = before === undefined ? [] : breaches(before, promises);
  const broken = new Set<BreakingChange>(found.map(({ kind }) => kind));
  const unused = allowed.filter((kind) => !broken.has(kind));
  if (unused.length > 0)
    process.stderr.write(
      `${path}: allowBreaking names ${unused.join(', ')}, of which nothing changes: take it out, or it lets the next change pass.\n`,
    );
  return found.filter(({ kind }) => !allowed.includes(kind));
};
