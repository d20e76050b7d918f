import { publicBounds } from '../../../policy/server-card.ts';
import type { Icon } from '../authoring/presentation.ts';
import type { Catalogue } from './catalogue.ts';

/**
 * What the server card (SEP-2127) and the registry's `server.json` say of a server to everybody:
 * who it is, and nothing of its tools.
 */
export interface PublicIdentity {
  /** The part of its name after the domain. */
  readonly suffix: string;
  readonly title: string;
  readonly description: string;
  readonly version: string;
  readonly websiteUrl?: string | undefined;
  readonly icons?: readonly Icon[] | undefined;
}

export const publicIdentity = (server: Catalogue['server']): PublicIdentity => ({
  suffix: server.name.replace(/[^\w.-]+/g, '-'),
  title: bounded(server.title),
  description: bounded(server.description ?? server.title),
  version: server.version,
  websiteUrl: server.websiteUrl,
  icons: server.icons,
});

/** Whole characters, as a cut through one would show a replacement. */
const bounded = (text: string): string => {
  const characters = Array.from(text);
  if (characters.length <= publicBounds.text) return text;
  return `${characters.slice(0, publicBounds.text - 1).join('')}…`;
};
