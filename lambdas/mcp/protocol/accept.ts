import { NotAcceptable } from '../../errors/errors.ts';

/**
 * What a client takes: it MUST list both types, but a wildcard and no header at all say the same
 * (RFC 9110 section 12.5.1).
 */
export interface AcceptedTypes {
  readonly eventStream: boolean;
}

// A client sends the same header with every request.
let last: { readonly header: string; readonly types: AcceptedTypes } | undefined;

/**
 * @throws NotAcceptable unless the client takes JSON; streams are sent to those that take them as
 * well.
 */
export const acceptedTypes = (header: string | undefined): AcceptedTypes => {
  if (header === undefined) return { eventStream: false };
  if (last?.header !== header) last = { header, types: typesIn(header) };
  return last.types;
};

const typesIn = (header: string): AcceptedTypes => {
  const ranges = header.toLowerCase().split(',').map(range);
  const takes = (...names: readonly string[]) =>
    ranges.some(({ name, refused }) => !refused && names.includes(name));
  if (!takes('application/json', 'application/*', '*/*')) throw new NotAcceptable();
  // A wildcard comes from curl and the like, which do not expect a stream.
  return { eventStream: takes('text/event-stream') };
};

const range = (text: string) => {
  const [name = '', ...parameters] = text.split(';').map((part) => part.trim());
  return { name, refused: parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)) };
};
