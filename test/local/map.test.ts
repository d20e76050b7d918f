import { existsSync, readFileSync } from 'node:fs';
import { knownResources } from '../../local/template/known-resources.ts';

const page = readFileSync('docs/local-runtime.md', 'utf8');
const [, emulated = '', leftOut = ''] = page.split(/^## What is .*$/m);
const typesIn = (text: string): string[] => [...new Set(text.match(/AWS::\w+::\w+/g))].sort();
const isLeftOut = (type: string): boolean => 'reason' in (knownResources[type] ?? {});
const known = Object.keys(knownResources).sort();

describe('the map of the local runtime', () => {
  it('names each resource type that is emulated, and the place where', () => {
    expect(typesIn(emulated)).toEqual(known.filter((type) => !isLeftOut(type)));
    const places = Array.from(emulated.matchAll(/`(local\/[^`]+)`/g), ([, place = '']) => place);
    expect(places.length).toBeGreaterThan(5);
    expect(places.filter((place) => !existsSync(place))).toEqual([]);
  });

  it('names each resource type that is left out', () => {
    expect(typesIn(leftOut)).toEqual(known.filter(isLeftOut));
  });
});
