// One function instance: imports a bundle, calls it, and says what that cost. Plain JavaScript, so
// that nothing else is loaded.
import { writeFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';

const [bundle, task, calls = '0'] = process.argv.slice(2);
const events = JSON.parse(process.env.BENCH_EVENTS);

// Cognito's key set comes from the bench's own server over plain http: a round trip, without the
// internet in it.
const http = process.getBuiltinModule('node:http');
const https = process.getBuiltinModule('node:https');
https.request = ({ method, headers }) => http.request(process.env.BENCH_JWKS, { method, headers });

// With BENCH_TABLE=memory the table answers without a socket: what is left is our own work, not the
// kernel's and Node's http.
if (process.env.BENCH_TABLE === 'memory') {
  const { EventEmitter } = process.getBuiltinModule('node:events');
  const real = http.request;
  const responseBody = Buffer.from(process.env.BENCH_TABLE_RESPONSE);
  http.request = (to, ...rest) => {
    if (to === process.env.BENCH_JWKS) return real(to, ...rest);
    const response = Object.assign(new EventEmitter(), {
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
    });
    const end = () =>
      process.nextTick(() => {
        request.emit('response', response);
        response.emit('data', responseBody);
        response.emit('end');
      });
    const request = Object.assign(new EventEmitter(), {
      end,
      destroy: () => {},
      reusedSocket: true,
    });
    return request;
  };
}

const streaming = Symbol.for('aws.lambda.runtime.handler.streaming');
globalThis.awslambda = {
  streamifyResponse: (handler) => Object.assign(handler, { [streaming]: 'response' }),
  HttpResponseStream: { from: (stream, prelude) => Object.assign(stream, { prelude }) },
};

const { handler } = await import(pathToFileURL(bundle).href);
const context = {
  functionName: 'bench',
  awsRequestId: 'bench',
  getRemainingTimeInMillis: () => 900_000,
};

class Sink extends Writable {
  text = '';
  _write(chunk, _encoding, done) {
    this.text += chunk;
    done();
  }
}

const call = async (event) => {
  if (handler[streaming] === undefined) return handler(event, context);
  const sink = new Sink();
  await handler(event, sink, context);
  return { ...sink.prelude, body: sink.text };
};

const check = (answer) => {
  const said = typeof answer?.body === 'string' ? answer.body : JSON.stringify(answer ?? null);
  if (process.env.BENCH_EXPECT && !said.includes(process.env.BENCH_EXPECT))
    throw new Error(`wrong answer: ${JSON.stringify(answer)}`);
};

if (task === 'cold') {
  for (const event of events) check(await call(event));
  const { user, system } = process.cpuUsage();
  writeFileSync(3, JSON.stringify({ cpuMilliseconds: (user + system) / 1000 }));
  process.exit(0);
}

// An instance that a schedule has called before, as `policy/keep-warm` has it, and then left alone.
if (task === 'kept') {
  await call(JSON.parse(process.env.BENCH_SCHEDULED));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const began = performance.now();
  const before = process.cpuUsage();
  for (const event of events) check(await call(event));
  const milliseconds = performance.now() - began;
  const { user, system } = process.cpuUsage(before);
  writeFileSync(3, JSON.stringify({ milliseconds, cpuMilliseconds: (user + system) / 1000 }));
  process.exit(0);
}

// Asking for the time costs time: what an empty call seems to cost is taken off each.
const idle = Array.from({ length: 2000 }, () => {
  const { user, system } = process.cpuUsage(process.cpuUsage());
  return user + system;
}).sort((one, two) => one - two)[1000];

// Until V8 has compiled what is hot: a call costs a third less after some thousand than after some
// hundred.
const warmUp = performance.now() + 10_000;
for (let round = 0; round < 10_000 && performance.now() < warmUp; round += 1)
  check(await call(events[round % events.length]));

const costs = [];
const waits = [];
for (let round = 0; round < Number(calls); round += 1) {
  const event = events[round % events.length];
  const began = performance.now();
  const before = process.cpuUsage();
  await call(event);
  const { user, system } = process.cpuUsage(before);
  waits.push(performance.now() - began);
  costs.push(Math.max(0, user + system - idle));
}
writeFileSync(3, JSON.stringify({ costs, waits, peakKilobytes: process.resourceUsage().maxRSS }));
process.exit(0);
