import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { billOfMaterials, deployedPart } from '../../../bin/audit/bill-of-materials.ts';

const root = join(import.meta.dirname, '..', '..', '..');

const aPackage = (name: string, properties: readonly object[] = []) => ({
  'bom-ref': `${name}@1.0.0`,
  name,
  version: '1.0.0',
  licenses: [{ license: { id: 'MIT' } }],
  properties,
});

const whole = {
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  metadata: { component: { 'bom-ref': 'app@1.0.0', name: 'a-folder' } },
  components: [
    aPackage('bundled'),
    aPackage('below'),
    aPackage('peer', [{ name: 'cdx:npm:package:development', value: 'true' }]),
    aPackage('tool'),
    aPackage('below-tool'),
  ],
  dependencies: [
    { ref: 'app@1.0.0', dependsOn: ['bundled@1.0.0', 'peer@1.0.0', 'tool@1.0.0'] },
    { ref: 'bundled@1.0.0', dependsOn: ['below@1.0.0'] },
    // A ring, as npm allows.
    { ref: 'below@1.0.0', dependsOn: ['bundled@1.0.0'] },
    { ref: 'peer@1.0.0', dependsOn: [] },
    { ref: 'tool@1.0.0', dependsOn: ['below-tool@1.0.0', 'below@1.0.0'] },
    { ref: 'below-tool@1.0.0', dependsOn: [] },
  ],
};
const manifest = {
  name: 'app',
  dependencies: { bundled: '1.0.0' },
  peerDependencies: { peer: '^1' },
  devDependencies: { tool: '1.0.0', peer: '1.0.0' },
};

describe('what is deployed of a bill of materials', () => {
  test('is what the dependencies and peers lead to, whoever needs it besides', () => {
    const { components, dependencies, metadata } = deployedPart(whole, manifest);
    expect(components.map(({ name }) => name)).toEqual(['bundled', 'below', 'peer']);
    expect(dependencies.map(({ ref }) => ref)).toEqual([
      'app@1.0.0',
      'bundled@1.0.0',
      'below@1.0.0',
      'peer@1.0.0',
    ]);
    expect(dependencies[0]?.dependsOn).toEqual(['bundled@1.0.0', 'peer@1.0.0']);
    expect(metadata.component.name).toBe('app');
    expect(JSON.stringify(components)).not.toContain('package:development');
  });

  test('names every package of this repository that the functions are bundled from, and no tool', () => {
    const names = billOfMaterials(root).packages.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['zod', 'jose', 'aws-jwt-verify', '@smithy/core', '@middy/core']),
    );
    expect(
      names.filter((name) => ['jest', 'typescript', 'aws-cdk', 'knip'].includes(name)),
    ).toEqual([]);
  });

  test('says in one line why there is none', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bill-'));
    try {
      writeFileSync(join(folder, 'package.json'), '{"name":"a name","version":"1.0.0"}');
      expect(billOfMaterials(folder).fault).toMatch(/^[^\n]*name[^\n]*$/i);
      expect(billOfMaterials(folder).fault).not.toContain('Command failed');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
