import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  contextConfiguration,
  describeConfiguration,
} from '../../../local/synthesis/chosen-configuration.ts';

describe('the operator’s own configuration', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-configuration-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is named: the context key, or none', () => {
    expect(describeConfiguration(folder, { gatehouse: {} })).toBe('the context key "gatehouse"');
    expect(describeConfiguration(folder, {})).toMatch(/^none of your own/);
  });

  it('is named: the file with its stage, and not both at once', () => {
    writeFileSync(join(folder, 'gatehouse.config.ts'), '');
    expect(describeConfiguration(folder, {})).toMatch(/^gatehouse.config.ts, its only stage/);
    expect(describeConfiguration(folder, { stage: 'dev' })).toBe(
      'gatehouse.config.ts, stage "dev"',
    );
    expect(() => describeConfiguration(folder, { gatehouse: {} })).toThrow(
      'gatehouse.config.ts is the configuration: take the context key "gatehouse" out of cdk.json and -c.',
    );
  });

  it('is read from the context, where a command line gives it as JSON', () => {
    expect(contextConfiguration({})).toEqual({});
    expect(contextConfiguration({ gatehouse: { profiles: [] } })).toEqual({ profiles: [] });
    expect(contextConfiguration({ gatehouse: '{"profiles":[]}' })).toEqual({ profiles: [] });
    for (const gatehouse of ['{', '3', 3])
      expect(() => contextConfiguration({ gatehouse })).toThrow(/is a JSON object/);
  });
});
