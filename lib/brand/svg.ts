import { brandBounds } from '../../policy/pages.ts';

/**
 * An SVG is a program as much as a picture: scripts, styles that load, entities that multiply. So
 * only shapes are taken, by name, and no attribute that is not in this list; what a drawing program
 * adds beside them is refused and not removed, as a picture that was changed is nobody's logo.
 */
const elements = [
  'svg',
  'g',
  'defs',
  'title',
  'desc',
  'path',
  'rect',
  'circle',
  'ellipse',
  'line',
  'polyline',
  'polygon',
  'linearGradient',
  'radialGradient',
  'stop',
  'clipPath',
];

const attributes = [
  'xmlns',
  'version',
  'id',
  'role',
  'aria-label',
  'viewBox',
  'preserveAspectRatio',
  'width',
  'height',
  'x',
  'y',
  'x1',
  'x2',
  'y1',
  'y2',
  'cx',
  'cy',
  'fx',
  'fy',
  'r',
  'rx',
  'ry',
  'd',
  'points',
  'transform',
  'gradientTransform',
  'gradientUnits',
  'clipPathUnits',
  'offset',
  'opacity',
  'fill',
  'fill-opacity',
  'fill-rule',
  'clip-path',
  'clip-rule',
  'stroke',
  'stroke-width',
  'stroke-linecap',
  'stroke-linejoin',
  'stroke-miterlimit',
  'stroke-dasharray',
  'stroke-opacity',
  'stop-color',
  'stop-opacity',
];

const namespace = 'http://www.w3.org/2000/svg';

/** A comment, a tag with quoted attributes, or text without markup and entities. */
const token =
  /<!--(?:(?!--)[^<>&]){0,500}-->|<(\/?)([A-Za-z]+)((?:\s+[A-Za-z][\w:-]*="[^"<>&]*")*)\s*(\/?)>|[^<>&]+/y;

const attribute = /([A-Za-z][\w:-]*)="([^"]*)"/g;

/** Of the tags of an SVG: what is wrong with an attribute, or undefined. */
const faultOfAttribute = (name: string, value: string): string | undefined => {
  if (!attributes.includes(name)) return `has an attribute ${name}`;
  if (name === 'xmlns') return value === namespace ? undefined : 'is of another namespace';
  // `url(#…)` names a gradient of the same file.
  const literal = value.replace(/url\(#[\w-]+\)/g, '');
  return /[:\\@]|url|data|script/i.test(literal)
    ? `has an attribute ${name} that leads out of it`
    : undefined;
};

/**
 * What is wrong with an SVG, or undefined. What passes holds shapes alone: no script, style, event,
 * link, picture, font, entity or foreign element.
 */
export const faultOfSvg = (text: string): string | undefined => {
  const body = text.replace(/^\uFEFF?<\?xml [^<>?]{0,100}\?>/, '').trim();
  const open: string[] = [];
  let tags = 0;
  token.lastIndex = 0;
  while (token.lastIndex < body.length) {
    const found = token.exec(body);
    if (found === null) return 'is not made of plain tags with quoted attributes';
    const [, closes, name, given = '', closesItself] = found;
    if (name === undefined) continue;
    tags += 1;
    if (tags > brandBounds.logoTags) return `has over ${brandBounds.logoTags} tags`;
    if (!elements.includes(name)) return `has an element ${name}`;
    if ((open.length === 0) !== (name === 'svg' && tags === 1)) return 'is not one svg element';
    if (closes === '/') {
      if (open.pop() !== name) return `closes ${name}, which is not open`;
      if (open.length === 0 && token.lastIndex < body.length) return 'goes on after its end';
      continue;
    }
    const keys = new Set<string>();
    for (const [, key = '', value = ''] of given.matchAll(attribute)) {
      const fault = keys.has(key) ? `has an attribute ${key} twice` : faultOfAttribute(key, value);
      keys.add(key);
      if (fault !== undefined) return fault;
    }
    if (tags === 1 && !keys.has('xmlns')) return 'names no namespace';
    // Without it a browser cuts a picture off where it would have to be made smaller.
    if (tags === 1 && !keys.has('viewBox')) return 'has no viewBox';
    if (closesItself !== '/') open.push(name);
  }
  return tags === 0 || open.length > 0 ? 'does not end' : undefined;
};
