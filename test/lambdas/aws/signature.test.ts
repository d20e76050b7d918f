import { sign } from 'aws4';
import fc from 'fast-check';
import { signedHeaders } from '../../../lambdas/aws/signature.ts';

const call = {
  service: 'dynamodb',
  region: 'eu-central-1',
  host: 'dynamodb.eu-central-1.amazonaws.com',
  path: '/',
  target: 'DynamoDB_20120810.UpdateItem',
  contentType: 'application/x-amz-json-1.0',
  body: '{"TableName":"gatehouse"}',
};
const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'token/with+signs==',
};
const now = new Date('2026-07-28T12:34:56.789Z');

/** aws4, the general signer, as the oracle. */
const expected = (given: typeof call, who: Omit<typeof credentials, 'sessionToken'> & { sessionToken?: string }, at: Date) =>
  sign(
    {
      service: given.service,
      region: given.region,
      method: 'POST',
      host: given.host,
      path: given.path,
      headers: {
        'Content-Type': given.contentType,
        'X-Amz-Target': given.target,
        'X-Amz-Date': at.toISOString().replace(/[-:]|\.\d+/g, ''),
      },
      body: given.body,
    },
    who,
  ).headers;

const signatureOf = (headers: Record<string, unknown> | undefined) =>
  /Signature=([0-9a-f]{64})$/.exec(String(headers?.['Authorization'] ?? headers?.['authorization']))?.[1];

describe('signature version 4', () => {
  it('names the credential, its scope and the headers that it covers', () => {
    const headers = signedHeaders(call, credentials, now);
    expect(headers).toMatchObject({
      host: call.host,
      'content-type': call.contentType,
      'content-length': '25',
      'x-amz-date': '20260728T123456Z',
      'x-amz-security-token': credentials.sessionToken,
      'x-amz-target': call.target,
    });
    expect(headers['authorization']).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20260728\/eu-central-1\/dynamodb\/aws4_request, SignedHeaders=content-length;content-type;host;x-amz-date;x-amz-security-token;x-amz-target, Signature=[0-9a-f]{64}$/,
    );
  });

  it('signs as a general signer does, whatever is in the call', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(
        text,
        fc.constantFrom('dynamodb', 'cognito-idp'),
        fc.constantFrom('eu-central-1', 'us-gov-west-1', 'cn-north-1'),
        fc.date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true }),
        (body, service, region, at) => {
          const given = { ...call, body, service, region, host: `${service}.${region}.amazonaws.com` };
          const oracle = expected(given, credentials, at);
          expect(signatureOf(signedHeaders(given, credentials, at))).toBe(signatureOf(oracle));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('knows a new secret, and credentials without a session', () => {
    for (const secretAccessKey of ['one', 'two', 'one']) {
      const { sessionToken: _none, ...rest } = { ...credentials, secretAccessKey };
      expect(signatureOf(signedHeaders(call, rest, now))).toBe(signatureOf(expected(call, rest, now)));
    }
  });
});
