import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testApp } from '../lib/test-app.ts';
import { configurations } from './configurations.ts';
import { synthesizeExample } from './example-app.ts';

// Writes the template of every configuration that the documents describe into a folder, with an
// index.json that says what each file is. `npm run templates -- <folder>`

const root = join(import.meta.dirname, '..', '..');
const [, , folder] = process.argv;
if (folder === undefined) throw new Error('Name the folder: npm run templates -- <folder>');

const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));

/** Calls back with a folder for an assembly, and then takes what it has of templates. */
const templatesOf = (name: string, synthesize: (outdir: string) => void) => {
  const outdir = mkdtempSync(join(tmpdir(), 'gatehouse-assembly-'));
  try {
    synthesize(outdir);
    const { artifacts } = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8'));
    return readdirSync(outdir)
      .filter((file) => file.endsWith('.template.json'))
      .map((file) => {
        const stack = file.slice(0, -'.template.json'.length);
        const written = `${name.replaceAll(/[^a-z0-9]+/gi, '-')}--${stack}.template.json`;
        copyFileSync(join(outdir, file), join(folder, written));
        const [region] = /[^/]*$/.exec(artifacts[stack].environment) ?? [];
        return { file: written, stack, ...(region !== 'unknown-region' && { region }) };
      });
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
};

mkdirSync(folder, { recursive: true });
const described = configurations.map(({ name, describedIn, addTo }) => {
  const templates = templatesOf(name, (outdir) => {
    const app = testApp({ context, outdir });
    addTo(app);
    app.synth();
  });
  return { name, describedIn, templates };
});
const example = {
  name: 'the example app',
  describedIn: 'docs/library.md',
  templates: templatesOf('the example app', synthesizeExample),
};
const index = [...described, example];
writeFileSync(join(folder, 'index.json'), JSON.stringify(index, undefined, 2));
const count = index.flatMap(({ templates }) => templates).length;
console.log(`${count} templates of ${index.length} configurations in ${folder}`);
