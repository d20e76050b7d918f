import { limitedCalls } from '../../../../lambdas/mcp/protocol/called-tools.ts';
import { sizes } from '../../../../policy/limits.ts';
import { caller } from '../exchange.ts';

const limits = { pay: { perMinute: 5 }, audit: { perHour: 9 } };
const access = {
  tools: { pay: 'everybody' as const, audit: ['auditors'], whoami: 'everybody' as const },
  prompts: {},
  resources: {},
  resourceTemplates: {},
};
const calls = limitedCalls(limits, access);
const call = (name: unknown, method = 'tools/call') => ({
  jsonrpc: '2.0',
  method,
  params: { name },
});

test('a call of a limited tool is found, in a batch as often as it is there', () => {
  expect(calls(call('pay'), caller)).toEqual([{ tool: 'pay', calls: 1, limit: limits.pay }]);
  expect(calls([call('pay'), call('whoami'), call('pay')], caller)).toEqual([
    { tool: 'pay', calls: 2, limit: limits.pay },
  ]);
});

test('however a client writes it, as the parser reads it', () => {
  const written = String.raw`{"method":"tools\/call","params":{"name":"p\u0061y"},"method":"tools/call"}`;
  expect(calls(JSON.parse(written), caller)).toHaveLength(1);
});

test('a limit of a tool that is not for the caller does not tell that it exists (AUTH-12)', () => {
  expect(calls(call('audit'), caller)).toEqual([]);
  const auditor = { ...caller, groups: ['auditors'] };
  expect(calls(call('audit'), auditor)).toEqual([{ tool: 'audit', calls: 1, limit: limits.audit }]);
});

test.each([
  ['a tool without a limit', call('whoami')],
  ['a tool that does not exist', call('payy')],
  ['a name of a prototype', call('constructor')],
  ['a name that is no text', call(['pay'])],
  ['another method', call('pay', 'prompts/get')],
  ['no parameters', { method: 'tools/call' }],
  ['parameters in a list', { method: 'tools/call', params: ['pay'] }],
  ['no message', 'pay'],
  ['nothing', undefined],
  ['null', null],
  ['a batch within a batch', [[call('pay')]]],
  ['a batch that is too long', Array.from({ length: sizes.batchMessages + 1 }, () => call('pay'))],
])('nothing is counted of %s', (_name, json) => {
  expect(calls(json, caller)).toEqual([]);
});
