import { jsonCall, makeAws, queryCall } from '../../../bin/aws/aws.ts';
import { type AwsStub, type StubAnswer, startAwsStub } from '../aws-stub.ts';

let stub: AwsStub;
let queued: StubAnswer[] = [];
beforeAll(async () => {
  stub = await startAwsStub(() => queued.shift());
});
afterAll(() => stub.stop());

const aws = (url = stub.url) =>
  makeAws({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' },
    endpoints: { ssm: { url }, sts: { url }, apigateway: { url } },
  });

const read = () => jsonCall(aws(), 'ssm', 'AmazonSSM.GetParameter', { Name: 'a' });

describe('a signed call', () => {
  it('is sent again when the service is asked too much, and no other', async () => {
    const throttled = { status: 400, body: { __type: 'ThrottlingException', message: 'slow' } };
    queued = [throttled, { body: { done: true } }];
    stub.calls.length = 0;
    expect(await read()).toEqual({ done: true });
    expect(stub.calls).toHaveLength(2);
    queued = [{ status: 400, body: { __type: 'com.amazonaws.ssm#ParameterNotFound' } }];
    await expect(read()).rejects.toMatchObject({ code: 'ParameterNotFound', status: 400 });
    expect(stub.calls).toHaveLength(3);
  });

  it.each([
    [
      'XML of the query protocol',
      {
        status: 403,
        body: '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no &amp; no</Message></Error></ErrorResponse>',
      },
      'sts answers AccessDenied: no & no (docs/runbook.md lists the permissions',
    ],
    ['no body at all', { status: 500, body: '' }, 'sts answers status 500: no reason given'],
    [
      'a page of a proxy',
      { status: 502, body: '<html><body>Bad gateway' },
      'sts answers status 502',
    ],
  ])('that is refused by %s says why', async (_what, refusal, message) => {
    queued = [refusal];
    await expect(queryCall(aws(), 'sts', '2011-06-15', 'GetCallerIdentity')).rejects.toThrow(
      message,
    );
  });

  it('to nobody is one line', async () => {
    const nobody = 'http://127.0.0.1:9';
    await expect(aws(nobody).send({ service: 'apigateway', path: '/account' })).rejects.toThrow(
      /^127\.0\.0\.1:9 does not answer: /,
    );
  });

  it('of the query protocol gives what is in its result', async () => {
    queued = [{ body: '<AResponse><AResult><B>1</B></AResult></AResponse>' }];
    expect(await queryCall(aws(), 'sts', '2011-06-15', 'A', { C: 'd e' })).toEqual({ B: '1' });
    expect(stub.calls.at(-1)).toEqual({
      name: 'A',
      input: { Action: 'A', Version: '2011-06-15', C: 'd e' },
    });
  });
});
