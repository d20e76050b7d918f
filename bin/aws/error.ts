import type { IncomingHttpHeaders } from 'node:http';
import * as z from 'zod';
import { UserError } from '../../lib/user-error.ts';

/** What a service refused. It is shown as one line: the code says what, the fix what to do. */
export class AwsError extends UserError {
  override readonly name = 'AwsError';
  /** `AccessDeniedException`, `UserNotFoundException`, … */
  readonly code: string;
  readonly status: number;

  constructor(service: string, status: number, code: string, message: string) {
    super(`${service} answers ${code}: ${oneLine(message)}${fixOf(code)}`);
    this.code = code;
    this.status = status;
  }
}

const mostCharacters = 500;

const oneLine = (text: string): string =>
  text.replaceAll(/\s+/g, ' ').trim().slice(0, mostCharacters);

const fixOf = (code: string): string => {
  if (/^(AccessDenied|NotAuthorized|UnauthorizedOperation)/.test(code))
    return ' (docs/runbook.md lists the permissions that each command needs)';
  if (/^(ExpiredToken|UnrecognizedClient|InvalidClientTokenId|InvalidSignature)/.test(code))
    return ' (log in again, with "aws sso login" for instance, or name another --profile)';
  if (/^(Throttling|TooManyRequests|RequestLimitExceeded)/.test(code))
    return ' (AWS is asked too often: try again in a minute)';
  return '';
};

const jsonError = z.looseObject({
  __type: z.string().optional(),
  message: z.string().optional(),
  Message: z.string().optional(),
});
const detail = z.looseObject({ Code: z.string(), Message: z.string().catch('') });
const xmlError = z.union([
  z.looseObject({ ErrorResponse: z.looseObject({ Error: detail }) }),
  z.looseObject({ Error: detail }),
]);

/** The error in an answer, as each of AWS's protocols words it. */
export const errorIn = (
  service: string,
  status: number,
  headers: IncomingHttpHeaders,
  answer: unknown,
): AwsError => {
  const xml = xmlError.safeParse(answer).data;
  if (xml !== undefined) {
    const { Code, Message } =
      'ErrorResponse' in xml
        ? detail.parse(Object(xml.ErrorResponse).Error)
        : detail.parse(xml.Error);
    return new AwsError(service, status, Code, Message);
  }
  const { __type, message, Message } = jsonError.safeParse(answer).data ?? {};
  const named = __type ?? headers['x-amzn-errortype'] ?? `status ${status}`;
  const code = String(named).split('#').at(-1)?.split(':')[0] ?? '';
  return new AwsError(service, status, code, message ?? Message ?? 'no reason given');
};
