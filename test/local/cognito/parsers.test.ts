import fc from 'fast-check';
import {
  checkAuthorizationRequest,
  grantedScopes,
  responseLocation,
} from '../../../local/cognito/authorization-request.ts';
import { readBasic } from '../../../local/cognito/client-authentication.ts';
import { escapeHtml } from '../../../local/cognito/page.ts';
import { readUserFilter } from '../../../local/cognito/user-operations.ts';
import { aClient, callback } from './a-pool.ts';

const client = aClient();
const check = (query: URLSearchParams) =>
  checkAuthorizationRequest(query, (id) => (id === client.clientId ? client : undefined));
const text = fc.string({ unit: 'binary', maxLength: 60 });

describe('the authorization request, whatever the query', () => {
  it('redirects nowhere but to a registered callback', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.constantFrom(
              'client_id',
              'redirect_uri',
              'scope',
              'resource',
              'response_type',
              'state',
            ),
            text,
          ),
        ),
        (pairs) => {
          const checked = check(new URLSearchParams(pairs));
          expect(
            checked.outcome === 'redirect'
              ? client.callbackUrls.some((url) => checked.location.startsWith(`${url}?`))
              : true,
          ).toBe(true);
        },
      ),
    );
  });

  it('takes no redirect URI but the registered ones', () => {
    const near = fc
      .tuple(fc.constantFrom(...client.callbackUrls), fc.nat(60), text)
      .map(([url, at, more]) => url.slice(0, at) + more + url.slice(at));
    fc.assert(
      fc.property(fc.oneof(text, near), (redirect_uri) => {
        const query = new URLSearchParams({
          client_id: client.clientId,
          response_type: 'code',
          redirect_uri,
        });
        // URLSearchParams replaces lone surrogates, so compare with what arrived.
        const isRegistered = client.callbackUrls.includes(query.get('redirect_uri') ?? '');
        expect(check(query).outcome).toBe(isRegistered ? 'request' : 'page');
      }),
    );
  });

  it('gives state back as it came', () => {
    fc.assert(
      fc.property(text, (state) => {
        const location = new URL(responseLocation(callback, { code: 'c', state }));
        expect(location.searchParams.get('state')).toBe(
          new URLSearchParams({ state }).get('state'),
        );
      }),
    );
  });

  it('grants a subset of the client’s scopes, or nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...client.scopes), text)), (scopes) => {
        const granted = grantedScopes(client, scopes.join(' '));
        expect((granted ?? []).every((scope) => client.scopes.includes(scope))).toBe(true);
      }),
    );
  });
});

describe('the small parsers', () => {
  it('read every Basic header that was written as one, and never throw', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((id) => !id.includes(':')),
        fc.string(),
        (clientId, clientSecret) => {
          const header = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
          expect(readBasic(header)).toEqual({ clientId, clientSecret });
        },
      ),
    );
    fc.assert(fc.property(text, (header) => void readBasic(header)));
  });

  it('read every quoted user filter', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(readUserFilter(`email = "${value.replace(/[\\"]/g, '\\$&')}"`)).toEqual({
          attribute: 'email',
          value,
        });
      }),
    );
    fc.assert(fc.property(text, (filter) => void readUserFilter(filter)));
  });

  it('leave no markup in text', () => {
    fc.assert(fc.property(text, (value) => expect(escapeHtml(value)).not.toMatch(/[<>"']/)));
  });
});
