/** A field of a form, as a browser would submit it. */
export interface Field {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly checked: boolean;
  /** What the person reads beside it. */
  readonly label: string;
}

export interface Button {
  readonly name: string;
  readonly value: string;
  readonly text: string;
}

export interface Form {
  readonly action: string;
  readonly method: string;
  readonly fields: readonly Field[];
  readonly buttons: readonly Button[];
}

export interface Page {
  readonly title: string;
  readonly text: string;
  readonly forms: readonly Form[];
  /** Target of `<meta http-equiv="refresh">`, followed after its delay. */
  readonly refresh?: string;
  readonly links: readonly { readonly href: string; readonly text: string }[];
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** Character references, numeric ones and the five that our pages write. */
export const decodeHtml = (text: string): string =>
  text.replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|([a-z]+));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return entities[name.toLowerCase()] ?? whole;
      const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    },
  );

type Attributes = Readonly<Record<string, string>>;

const attributesOf = (tag: string): Attributes =>
  Object.fromEntries(
    [...tag.matchAll(/([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>`]+)))?/g)].map(
      ([, name = '', double, single, bare]) => [
        name.toLowerCase(),
        decodeHtml(double ?? single ?? bare ?? ''),
      ],
    ),
  );

interface Element {
  readonly attributes: Attributes;
  readonly content: string;
}

/**
 * Elements of a name with what stands between their tags; void elements have no content. No nesting
 * of one name: our pages have none.
 */
const elementsOf = (html: string, name: string): readonly Element[] =>
  [
    ...html.matchAll(
      new RegExp(
        `<${name}(?=[\\s/>])((?:"[^"]*"|'[^']*'|[^>"'])*)>(?:([\\s\\S]*?)</${name}\\s*>)?`,
        'gi',
      ),
    ),
  ].map(([, tag = '', content = '']) => ({ attributes: attributesOf(tag), content }));

const voidElementsOf = (html: string, name: string): readonly Attributes[] =>
  [...html.matchAll(new RegExp(`<${name}(?=[\\s/>])((?:"[^"]*"|'[^']*'|[^>"'])*)>`, 'gi'))].map(
    ([, tag = '']) => attributesOf(tag),
  );

export const textOf = (html: string): string =>
  decodeHtml(html.replace(/<(style|script|head)[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim();

const readForm = ({ attributes, content }: Element): Form => {
  const labels = elementsOf(content, 'label');
  const labelOf = (id: string | undefined) =>
    textOf(labels.find(({ attributes: { for: target } }) => target === id)?.content ?? '');
  const inputs = voidElementsOf(content, 'input');
  const isButton = ({ type = 'text' }: Attributes) => type === 'submit' || type === 'image';
  return {
    action: attributes['action'] ?? '',
    method: (attributes['method'] ?? 'get').toLowerCase(),
    fields: inputs
      .filter((input) => !isButton(input) && input['name'] !== undefined)
      .map((input) => ({
        name: input['name'] ?? '',
        type: (input['type'] ?? 'text').toLowerCase(),
        value: input['value'] ?? (input['type'] === 'checkbox' ? 'on' : ''),
        checked: input['checked'] !== undefined,
        label: labelOf(input['id']),
      })),
    buttons: [
      ...elementsOf(content, 'button')
        .filter(({ attributes: { type = 'submit' } }) => type === 'submit')
        .map(({ attributes: { name = '', value = '' }, content: text }) => ({
          name,
          value,
          text: textOf(text),
        })),
      ...inputs.filter(isButton).map(({ name = '', value = '' }) => ({ name, value, text: value })),
    ],
  };
};

const refreshOf = (html: string): string | undefined => {
  const meta = voidElementsOf(html, 'meta').find(
    ({ 'http-equiv': name }) => name?.toLowerCase() === 'refresh',
  );
  return /^\s*\d*\s*[;,]?\s*url\s*=\s*(['"]?)(.*)\1\s*$/i.exec(meta?.['content'] ?? '')?.[2];
};

/** What of a page a person without script can act on. */
export const readPage = (html: string): Page => {
  const refresh = refreshOf(html);
  return {
    title: textOf(elementsOf(html, 'title')[0]?.content ?? ''),
    text: textOf(html),
    forms: elementsOf(html, 'form').map(readForm),
    links: elementsOf(html, 'a').map(({ attributes: { href = '' }, content }) => ({
      href,
      text: textOf(content),
    })),
    ...(refresh !== undefined && { refresh }),
  };
};
