import { Ajv } from 'ajv';
import { default as formats } from 'ajv-formats';

/**
 * What the two documents that clients and registries find a server by may hold: the rules of the
 * published schemas, as far as they reach what we write. Read on 2026-11-26:
 * `https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json` (ServerDetail) and
 * `schema.json` of modelcontextprotocol/experimental-ext-server-card (ServerCard).
 */
const text = (minLength: number, maxLength: number) => ({ type: 'string', minLength, maxLength });
const uri = { type: 'string', format: 'uri' };
const sizes = { type: 'array', items: { type: 'string', pattern: '^(\\d+x\\d+|any)$' } };
const theme = { enum: ['light', 'dark'] };

const identity = {
  $schema: uri,
  name: { ...text(3, 200), pattern: '^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$' },
  title: text(1, 100),
  description: text(1, 100),
  version: text(0, 255),
  websiteUrl: uri,
};

const remote = {
  type: { const: 'streamable-http' },
  url: { type: 'string', pattern: '^https?://[^\\s]+$' },
};

/** Closed where the published one is open, so that a member of a wrong name is found. */
const closed = (properties: object, required: readonly string[]) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const registryIcon = {
  src: { type: 'string', format: 'uri', maxLength: 255, pattern: '^https://' },
  mimeType: { enum: ['png', 'jpeg', 'jpg', 'svg+xml', 'webp'].map((kind) => `image/${kind}`) },
  sizes,
  theme,
};
const registry = closed(
  {
    ...identity,
    icons: { type: 'array', items: closed(registryIcon, ['src']) },
    remotes: { type: 'array', items: closed(remote, ['type', 'url']) },
  },
  ['name', 'description', 'version'],
);

const versions = { type: 'array', items: { type: 'string' } };
const card = closed(
  {
    ...identity,
    icons: {
      type: 'array',
      items: closed({ src: uri, mimeType: { type: 'string' }, sizes, theme }, ['src']),
    },
    remotes: {
      type: 'array',
      items: closed({ ...remote, supportedProtocolVersions: versions }, ['type', 'url']),
    },
  },
  ['$schema', 'description', 'name', 'version'],
);

const ajv = new Ajv({ allErrors: true });
formats.default(ajv);

/** What a document has that its schema does not allow. */
const faultsBy = (schema: object) => {
  const validate = ajv.compile(schema);
  return (document: unknown): string[] => {
    validate(document);
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
};

export const registryFaults = faultsBy(registry);
export const serverCardFaults = faultsBy(card);
