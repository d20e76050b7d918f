import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pageBrand } from '../../../lib/brand/brand.ts';
import { contrast } from '../../../lib/brand/contrast.ts';
import { readConfiguration } from '../../../lib/configuration.ts';
import { brandBounds, managedLoginPapers, pageColours } from '../../../policy/pages.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'brand-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, contents: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
};

/** What a refusal of a brand says. */
const errorOf = (brand: object): string => {
  try {
    readConfiguration({ brand: { name: 'Orders', ...brand } });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return '';
};

const told = (brand: object) => {
  const configuration = readConfiguration({ brand: { name: 'Orders', ...brand } });
  return configuration.brand && pageBrand(configuration.brand);
};

describe('contrast', () => {
  // WebAIM's contrast checker gives these.
  test.each([
    ['#000000', '#ffffff', 21],
    ['#777777', '#ffffff', 4.48],
    ['#767676', '#ffffff', 4.54],
    ['#0000ff', '#ffffff', 8.59],
  ])('of %s and %s is %d', (one, other, ratio) => {
    expect(contrast(one, other)).toBeCloseTo(ratio, 1);
    expect(contrast(other, one)).toBe(contrast(one, other));
  });

  test('of the pages’ own colours is at least 7 for text and accents', () => {
    for (const { paper, ink, quiet, warn, accent, onAccent } of Object.values(pageColours)) {
      for (const colour of [ink, quiet, warn, accent])
        expect([colour, contrast(colour, paper) >= 7]).toEqual([colour, true]);
      expect(contrast(accent, onAccent)).toBeGreaterThanOrEqual(7);
    }
  });
});

describe('an accent', () => {
  const papers = {
    light: [pageColours.light.paper, managedLoginPapers.light],
    dark: [pageColours.dark.paper, managedLoginPapers.dark],
  };

  test('that is hard to read is refused with the nearest that is not, which is taken', () => {
    const message = errorOf({ accent: '#ffcc00' });
    expect(message).toMatch(
      /brand\.accent: #ffcc00 has a contrast of 1\.51 on the light pages, and WCAG asks for 4\.5: the nearest that has it is #[0-9a-f]{6}/,
    );
    const nearest = message.slice(-7);
    expect(contrast(nearest, '#ffffff')).toBeGreaterThanOrEqual(brandBounds.contrast);
    // A step nearer to the colour that was asked for would not do.
    expect(contrast(nearest, '#ffffff')).toBeLessThan(brandBounds.contrast + 0.1);
    expect(told({ accent: nearest })?.accent?.light).toBe(nearest);
  });

  test('of the dark pages is refused apart', () => {
    expect(errorOf({ accent: { light: '#0b4fb3', dark: '#0b4fb3' } })).toMatch(
      /brand\.accent\.dark: #0b4fb3 has a contrast of 2\.\d\d on the dark pages/,
    );
  });

  test.each(['#0b4fb3', '#000000', '#b3261e', '#006400', '#6a1b9a'])(
    'that is given once, %s, gets one for dark pages that reads well on every paper there',
    (accent) => {
      const both = told({ accent })?.accent;
      expect(both?.light).toBe(accent);
      for (const scheme of ['light', 'dark'] as const)
        for (const paper of papers[scheme])
          expect(contrast(both?.[scheme] ?? '', paper)).toBeGreaterThanOrEqual(4.5);
    },
  );

  test('is a colour', () => {
    for (const accent of ['blue', '#fff', 'url(x)', '#0b4fb3;}', { light: '#0b4fb3' }])
      expect(errorOf({ accent })).toMatch(/brand\.accent: is not a colour like #0b4fb3[^\n]*$/);
  });
});

describe('the words of a brand', () => {
  test.each([
    [{ name: '' }, 'is empty'],
    [{ name: '   ' }, 'begins or ends with a space'],
    [{ name: 'Orders ' }, 'begins or ends with a space'],
    [{ name: 'x'.repeat(61) }, 'is over 60 characters'],
    [{ name: 'Orders\u202eevil' }, 'has a control character'],
    [{ name: '<b>Orders</b>' }, 'has a control character or one of < and >'],
    [{ contact: 'javascript:alert(1)' }, 'is neither a mail address nor an https URL'],
    [{ contact: 'http://example.com/help' }, 'is neither'],
    [
      { contact: 'https://example.com/?a=b&c=d' },
      'https URL of letters, digits and - . _ ~ % / ? =',
    ],
    [{ contact: 'https://example.com/"onclick=x' }, 'is neither'],
    [{ privacyUrl: 'data:text/html,x' }, 'is not an https URL'],
    [{ privacyUrl: "https://example.com/'x" }, 'is not an https URL'],
    [{ privacyUrl: 'https://example.com/$context.requestId' }, 'is not an https URL'],
    [{ colour: 'x' }, 'has no key colour'],
  ])('%j are refused', (brand, message) => {
    expect(errorOf(brand)).toContain(message);
  });

  test('are told to the functions as they are', () => {
    const words = {
      name: 'Orders & more',
      contact: 'help@example.com',
      privacyUrl: 'https://example.com/privacy',
    };
    expect(told(words)).toEqual(words);
  });
});

const svg = (body: string, more = '') =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"${more}>${body}</svg>`;

const chunk = (type: string, data = Buffer.alloc(0)) => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, Buffer.from(type), data, Buffer.alloc(4)]);
};

const sides = (width: number, height: number) => {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width);
  data.writeUInt32BE(height, 4);
  return chunk('IHDR', data);
};

const png = (...chunks: readonly Buffer[]) =>
  Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...chunks]);

describe('a logo', () => {
  test.each([
    ['a script', svg('<script>alert(1)</script>'), 'has an element script'],
    ['an attribute twice', svg('<rect x="1" x="2"/>'), 'has an attribute x twice'],
    ['an event', svg('<path d="M0 0"/>', ' onload="alert(1)"'), 'has an attribute onload'],
    ['foreign HTML', svg('<foreignObject/>'), 'has an element foreignObject'],
    ['a picture elsewhere', svg('<image href="https://evil.example/x"/>'), 'has an element image'],
    ['a style sheet', svg('<style>@import url(//evil.example)</style>'), 'has an element style'],
    ['a style', svg('<path style="fill:url(//evil.example)"/>'), 'has an attribute style'],
    ['a paint elsewhere', svg('<path fill="url(//evil.example/x)"/>'), 'leads out of it'],
    ['an escape in a paint', svg('<path fill="u\\72l(x)"/>'), 'leads out of it'],
    ['a link', svg('<a href="https://evil.example"/>'), 'has an element a'],
    ['a use', svg('<use href="#a"/>'), 'has an element use'],
    ['entities', `<!DOCTYPE svg [<!ENTITY a "b">]>${svg('&a;')}`, 'is not made of plain tags'],
    ['an entity', svg('<path d="&#77;0 0"/>'), 'is not made of plain tags'],
    ['CDATA', svg('<![CDATA[<script/>]]>'), 'is not made of plain tags'],
    ['an instruction', svg('<?xml-stylesheet href="x"?>'), 'is not made of plain tags'],
    ['quotes of the other kind', svg("<path d='M0 0'/>"), 'is not made of plain tags'],
    ['two roots', `${svg('')}${svg('')}`, 'goes on after its end'],
    ['another root', '<g xmlns="http://www.w3.org/2000/svg"/>', 'is not one svg element'],
    ['no viewBox', '<svg xmlns="http://www.w3.org/2000/svg"></svg>', 'has no viewBox'],
    ['no namespace', '<svg viewBox="0 0 1 1"></svg>', 'names no namespace'],
    ['another namespace', '<svg xmlns="http://www.w3.org/1999/xhtml"></svg>', 'another namespace'],
    ['no end', svg('<g>'), 'closes svg'],
    ['too much', svg('<g/>'.repeat(201)), 'has over 200 tags'],
    ['nothing', '', 'does not end'],
    ['a page', '<!doctype html><p>x', 'is not made of plain tags'],
  ])('SVG with %s is refused', (name, contents, message) => {
    expect(errorOf({ logo: file(`${name}.svg`, contents) })).toContain(message);
  });

  test('SVG of shapes and gradients is written into the pages as it is', () => {
    const contents = `<?xml version="1.0" encoding="UTF-8"?>\n<!-- ours -->\n${svg(
      '<defs><linearGradient id="a"><stop offset="0" stop-color="#0b4fb3"/></linearGradient></defs><title>Orders</title><path fill="url(#a)" d="M0 0L10 10z"/>',
    )}\n`;
    expect(told({ logo: file('good.svg', contents) })?.logo).toBe(
      `data:image/svg+xml;base64,${Buffer.from(contents).toString('base64')}`,
    );
  });

  test('PNG is a still picture of a bounded size with nothing after its end', () => {
    const whole = png(sides(120, 40), chunk('IDAT', Buffer.from([1])), chunk('IEND'));
    expect(told({ logo: file('good.png', whole) })?.logo).toBe(
      `data:image/png;base64,${whole.toString('base64')}`,
    );
    const faulty: readonly (readonly [string, Buffer])[] = [
      ['is not a whole PNG', Buffer.concat([whole, Buffer.from('<script>')])],
      ['is not a whole PNG', whole.subarray(0, -5)],
      ['is not a whole PNG', png(sides(1, 1), chunk('IEND'))],
      ['moves', png(sides(1, 1), chunk('acTL'), chunk('IDAT'), chunk('IEND'))],
      ['has a side', png(sides(4000, 1), chunk('IDAT'), chunk('IEND'))],
      ['has a side', png(sides(0, 1), chunk('IDAT'), chunk('IEND'))],
    ];
    for (const [message, bytes] of faulty)
      expect(errorOf({ logo: file('bad.png', bytes) })).toContain(message);
  });

  test('is a small file that is there, at an absolute path', () => {
    expect(errorOf({ logo: 'logo.svg' })).toContain(
      "logo.svg is not an absolute path: give join(import.meta.dirname, 'logo.svg')",
    );
    expect(errorOf({ logo: join(folder, 'none.svg') })).toContain('cannot be read');
    expect(errorOf({ logo: file('big.svg', svg(' '.repeat(20_000))) })).toContain(
      'and at most 16384 are taken',
    );
    for (const logo of ['https://example.com/logo.svg', 'data:image/png;base64,AAAA'])
      expect(errorOf({ logo })).toContain(`${logo} is a URL: give the absolute path of a file`);
  });
});
