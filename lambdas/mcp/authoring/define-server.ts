import { publicBounds } from '../../../policy/server-card.ts';
import { type Icon, presentationFaults } from './presentation.ts';

/** How a server presents itself to clients ("Implementation" of the schema) and to models. */
export interface ServerDefinition {
  /** For programs. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** Of your tools, not of this package. */
  readonly version: string;
  readonly description?: string;
  readonly websiteUrl?: string;
  readonly icons?: readonly Icon[];
  /**
   * For the model, beside the tools' own descriptions: how they belong together, what to try first.
   */
  readonly instructions?: string;
  /**
   * How many bytes of JSON one page of a list may have. A list that fits comes whole; some clients
   * never ask for a second page.
   * @default 1,000,000
   */
  readonly listPageBytes?: number;
}

export interface Server extends ServerDefinition {
  readonly kind: 'server';
}

/** Says whose tools these are. Export it as the default of `server.ts`, beside the folders. */
export const defineServer = (definition: ServerDefinition): Server => ({
  ...definition,
  kind: 'server',
});

export const isServer = (value: unknown): value is Server =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'server';

/** What is wrong with it, if anything. */
export const serverFaults = (server: Server): string[] => [
  ...(['name', 'title', 'version'] as const)
    .filter((key) => server[key].trim() === '')
    .map((key) => `the ${key} is empty`),
  ...(server.version.length > publicBounds.version
    ? [`the version has more than ${publicBounds.version} characters`]
    : []),
  ...(server.websiteUrl === undefined || URL.parse(server.websiteUrl)?.protocol === 'https:'
    ? []
    : ['its websiteUrl is not an https URL']),
  ...(Number.isSafeInteger(server.listPageBytes ?? 1) && (server.listPageBytes ?? 1) > 0
    ? []
    : ['its listPageBytes is not a positive whole number']),
  ...presentationFaults(server),
];
