import {
  type Connecting,
  connecting,
  connectingOther,
  shortNameCharacters,
} from '../../policy/connecting.ts';
import { productName } from '../../policy/pages.ts';
import { escapeHtml, page } from '../errors/page.ts';
import type { PublicIdentity } from '../mcp/manifest/public-identity.ts';
import type { HttpResponse } from '../middleware/secured.ts';
import type { MetadataSettings } from './settings.ts';

// A long command is scrolled in its own box, by keyboard too.
const style = `
h2{margin:1.5rem 0 .25rem;font-size:1.0625rem}
pre{margin:.25rem 0 0;padding:.75rem 1rem;border:1px solid var(--line);border-radius:.5rem;white-space:pre-wrap}
code{font-size:.9375rem}
p{margin:.25rem 0}`;

interface Row extends Pick<Connecting, 'client' | 'words'> {
  readonly text?: string;
}

/** What is known of the clients of the deployed profiles, and a general word for the others. */
const rowsOf = ({ CLIENT_PROFILES }: MetadataSettings): readonly Row[] => {
  const rows: readonly Connecting[] = connecting;
  return CLIENT_PROFILES.flatMap(({ name, title }): readonly Row[] => {
    const known = rows.filter(({ profile }) => profile === name);
    // The ready profiles of programs on the person's own computer, which the rows of `loopback` have.
    const isNamed = rows.some(({ client }) => client === title);
    return known.length > 0 || isNamed ? known : [{ client: title, words: connectingOther }];
  });
};

/** A name that every client and shell takes as it stands: `Café Müller` is `cafe-muller`. */
const shortName = (name: string): string => {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, shortNameCharacters)
    .replace(/-$/, '');
  return plain === '' ? productName.toLowerCase() : plain;
};

/**
 * For a person who opens the server in a browser: what it is, and how each client is connected.
 * Everything on it is in the metadata documents or in policy.
 */
export const connectPage = (
  settings: MetadataSettings,
  { title, description }: Pick<PublicIdentity, 'title' | 'description'>,
): (() => HttpResponse) => {
  const { RESOURCE_URL: url, BRAND: brand } = settings;
  const name = brand?.name ?? title;
  const written = (text: string) =>
    text.replaceAll('{name}', shortName(name)).replaceAll('{url}', url);
  const rows = rowsOf(settings).map(
    ({ client, words, text }) => `<h2>${escapeHtml(client)}</h2>
<p>${escapeHtml(words)}</p>
${text === undefined ? '' : `<pre><code>${escapeHtml(written(text))}</code></pre>\n`}`,
  );
  // Without a description of its own a server is described by its title.
  const about = description === title ? '' : `<p>${escapeHtml(description)}</p>\n`;
  const body = `${about}<p>This is an MCP server: it gives tools to the AI app that you connect it to, in your name, after you have signed in. Its address is</p>
<pre><code>${escapeHtml(url)}</code></pre>
${rows.join('')}`;
  return () => {
    const { html, contentSecurityPolicy } = page({ title: `Connect ${name}`, body, brand, style });
    return {
      statusCode: 200,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': contentSecurityPolicy,
      },
      body: html,
    };
  };
};
