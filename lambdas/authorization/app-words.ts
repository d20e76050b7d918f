import { emailWords } from '../../policy/scopes.ts';
import { deployedScopes, withImplied } from '../configuration/scopes.ts';
import { escapeHtml } from '../errors/page.ts';
import type { Client } from '../oauth/client-registry.ts';
import type { AuthorizationRequest } from './authorization-request.ts';

/**
 * What a client says of itself stands in a box of its own and is marked as such: never inside a
 * sentence or heading of ours, which it could continue.
 */
export const ownWords = (client: Client): string => `<figure class="own-words">
<figcaption>${whoseWords(client)}</figcaption>
<blockquote dir="auto">${escapeHtml(client.name)}</blockquote>
</figure>
`;

const whoseWords = ({ documentHost, selfNamed }: Client): string => {
  if (documentHost !== undefined)
    return `The app calls itself, in a document at <strong>${escapeHtml(documentHost)}</strong>:`;
  return selfNamed
    ? 'The app calls itself (nobody has checked it):'
    : 'An app of this kind is set up here as:';
};

/**
 * All that an app may do once it is approved: what is granted, and what comes with it, as the
 * authorizer gives both.
 */
export const permissionWords = ({ scopes: granted, profile }: AuthorizationRequest): string[] => [
  ...withImplied(granted).map((scope) =>
    Object.hasOwn(deployedScopes, scope) ? (deployedScopes[scope]?.words ?? scope) : scope,
  ),
  ...(profile.grantsEmail ? [emailWords] : []),
];

export const permissionList = (request: AuthorizationRequest): string => {
  const items = permissionWords(request).map((each) => `<li>${escapeHtml(each)}</li>`);
  return `<ul>\n${items.join('\n')}\n</ul>\n`;
};

/** A day as every reader of English understands it: 26 Nov 2026. */
export const dayOf = (epochSeconds: number): string =>
  new Date(epochSeconds * 1000).toUTCString().slice(5, 16);
