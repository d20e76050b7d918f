/**
 * An image that clients may show beside a title (2025-11-25 schema, "Icon"). The build refuses what
 * clients must refuse.
 */
export interface Icon {
  /**
   * Clients fetch it without credentials, and refuse other schemes. A data URI travels with every
   * list: keep it small.
   */
  readonly src: `https://${string}` | `data:image/${string};base64,${string}`;
  /**
   * Where the source does not say it: `image/png` and `image/jpeg` work everywhere, `image/svg+xml`
   * and `image/webp` mostly.
   */
  readonly mimeType?: string;
  /** In pixels, or `any` for what scales. @default any */
  readonly sizes?: readonly (`${number}x${number}` | 'any')[];
  /** The background that it is made for. @default both */
  readonly theme?: 'light' | 'dark';
}

/** What a list may show of a tool, prompt or resource beside its name, title and description. */
export interface Presentation {
  readonly icons?: readonly Icon[];
  /**
   * For extensions of the protocol; keys as `com.example/name` (2026-07-28 "General fields",
   * `_meta`).
   */
  readonly _meta?: Readonly<Record<string, unknown>>;
}

/** Only what is there: a list has no member that says nothing. */
export const presented = ({ icons, _meta }: Presentation): Presentation => ({
  ...(icons && { icons }),
  ...(_meta && { _meta }),
});

/** What is wrong with it, if anything. */
export const presentationFaults = ({ icons = [], _meta = {} }: Presentation): string[] => [
  ...icons.flatMap(iconFaults),
  ...Object.keys(_meta)
    .filter((key) => !metaKey.test(key))
    .map((key) => `the _meta key "${key}" is not one: com.example/name`),
];

const iconFaults = ({ src, sizes = [] }: Icon): string[] => [
  ...(/^data:image\/[\w.+-]+;base64,[A-Za-z\d+/]+={0,2}$/.test(src) ||
  (src.startsWith('https://') && URL.canParse(src))
    ? []
    : [`the icon "${src.slice(0, 60)}" is neither an https URL nor a base64 data URI of an image`]),
  ...sizes
    .filter((size) => !/^(any|\d+x\d+)$/.test(size))
    .map((size) => `the icon size "${size}" is neither "any" nor such as "48x48"`),
];

const metaKey =
  /^([a-z]([a-z\d-]*[a-z\d])?(\.[a-z]([a-z\d-]*[a-z\d])?)*\/)?([a-z\d]([\w.-]*[a-z\d])?)?$/i;
