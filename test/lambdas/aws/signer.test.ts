import aws4 from 'aws4';
import { Signer } from '../../../lambdas/aws/signer.ts';

describe('the signer', () => {
  const request = ({
    date = '20261124T120000Z',
    region = 'eu-central-1',
    service = 'dynamodb',
    body = '{}',
  }) => ({
    service,
    region,
    method: 'POST',
    host: `${service}.${region}.amazonaws.com`,
    path: '/',
    headers: { 'Content-Type': 'application/x-amz-json-1.0', 'X-Amz-Date': date },
    body,
  });
  const credentials = {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'made up for this test',
    sessionToken: 'a session',
  };
  const renewed = { ...credentials, secretAccessKey: 'renewed for this test' };

  // Twice over: the kept key must neither outlive its day, region, service and secret nor be lost
  // with them.
  const requests = [
    {},
    { body: '{"TableName":"gatehouse"}' },
    { date: '20261125T000000Z' },
    { region: 'us-east-1' },
    { service: 'cognito-idp' },
    { date: '20261124T235959Z' },
  ];
  it.each(
    [...requests, ...requests].flatMap((of) =>
      [credentials, renewed].map((by) => [of, by] as const),
    ),
  )('signs %o as aws4 does, with the key that belongs to it', (of, by) => {
    expect(new Signer(request(of), by).sign().headers).toEqual(aws4.sign(request(of), by).headers);
  });
});
