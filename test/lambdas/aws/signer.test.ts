import aws4 from 'aws4';
import { signedHeaders } from '../../../lambdas/aws/signer.ts';

describe('the signer', () => {
  const call = ({
    date = '2026-11-24T12:00:00Z',
    region = 'eu-central-1',
    service = 'dynamodb',
    body = '{}',
  }) => ({
    date: new Date(date),
    unsigned: {
      service,
      region,
      host: `${service}.${region}.amazonaws.com`,
      path: '/',
      contentType: 'application/x-amz-json-1.0',
      target: 'DynamoDB_20120810.GetItem',
      body,
    },
  });
  type Call = ReturnType<typeof call>;
  type Credentials = Parameters<typeof signedHeaders>[1];

  const ours = ({ unsigned, date }: Call, by: Credentials) => {
    const headers = signedHeaders(unsigned, by, date);
    return Object.fromEntries(
      headers.flatMap((name, index) => (index % 2 === 0 ? [[name, headers[index + 1]]] : [])),
    );
  };

  const ofAws4 = ({ unsigned, date }: Call, by: Credentials) => {
    const { contentType, target, ...rest } = unsigned;
    const headers = {
      'Content-Type': contentType,
      'X-Amz-Target': target,
      'X-Amz-Date': date.toISOString().replace(/[:-]|\.\d{3}/g, ''),
    };
    const signed = aws4.sign({ ...rest, method: 'POST', headers }, by).headers;
    return { ...signed, 'Content-Length': String(signed?.['Content-Length']) };
  };

  const credentials = {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'made up for this test',
    sessionToken: 'a session',
  };
  const renewed = { ...credentials, secretAccessKey: 'renewed for this test' };
  const { sessionToken: _, ...lasting } = credentials;

  // Twice over: the kept key must neither outlive its day, region, service and secret nor be lost
  // with them.
  const calls = [
    {},
    { body: '{"TableName":"gatehouse"}' },
    { body: '{"TableName":"Türhüter 🏰"}' },
    { date: '2026-11-25T00:00:00Z' },
    { region: 'us-east-1' },
    { service: 'cognito-idp' },
    { date: '2026-11-24T23:59:59.999Z' },
  ].map(call);
  it.each(
    [...calls, ...calls].flatMap((of) =>
      [credentials, renewed, lasting].map((by) => [of, by] as const),
    ),
  )('signs %o as aws4 does, with the key that belongs to it', (of, by) => {
    expect(ours(of, by)).toEqual(ofAws4(of, by));
  });
});
