import fc from 'fast-check';
import { envelope, mirrored, serverOf } from '../exchange.ts';
import { fixtures, greet, welcome } from '../fixtures.ts';
import { oracleOf } from './oracle.ts';

// What the SDK cannot be given is left out of both: a tool that never ends, and completions, which
// it hangs on its own schemas.
const definitions = {
  ...fixtures,
  tools: fixtures.tools.filter(({ name }) => name !== 'deaf'),
  prompts: [{ ...greet, complete: {} }, welcome],
};
const ours = serverOf(definitions);
const theirs = oracleOf(definitions);

type Loose = ReturnType<typeof JSON.parse>;

interface Request {
  readonly headers: Readonly<Record<string, string>>;
  readonly json: Loose;
}

/**
 * An answer as far as both should agree: messages of an event stream and a JSON body alike; an
 * error's words are each server's own.
 */
interface Seen {
  readonly status: number;
  readonly messages: readonly Loose[];
}

const plain = (message: Loose): Loose => {
  if (message?.error !== undefined) return { id: message.id, code: message.error.code };
  const { result } = message ?? {};
  if (result?.capabilities) {
    // `listChanged: false` is what leaving it out means.
    const capabilities = Object.fromEntries(
      Object.keys(result.capabilities)
        .sort()
        .map((name) => [name, {}]),
    );
    return { ...message, result: { ...result, capabilities } };
  }
  if (result?.isError)
    return { ...message, result: { ...result, content: 'an error that a model can read' } };
  return message;
};

const documentsIn = (text: string) => (text === '' ? [] : [JSON.parse(text)].flat());

const eventsIn = (text: string) =>
  [...text.matchAll(/^data: (.+)$/gm)].map(([, data]) => JSON.parse(data ?? ''));

const seenOf = (status: number, text: string, isStream: boolean): Seen => {
  const messages = isStream ? eventsIn(text) : documentsIn(text);
  // The order of a batch's responses means nothing.
  const ordered = messages
    .map(plain)
    .sort((one, two) => String(one.id).localeCompare(String(two.id)));
  return { status, messages: JSON.parse(JSON.stringify(ordered)) };
};

const askOurs = async (request: Request): Promise<Seen> => {
  const { status, body, headers } = await ours.send(request);
  return seenOf(status, body, headers['content-type'] === 'text/event-stream');
};

const askTheirs = async ({ headers, json }: Request): Promise<Seen> => {
  const response = await theirs.fetch(
    new Request('http://localhost/mcp', {
      method: 'POST',
      headers: {
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
        ...headers,
      },
      body: JSON.stringify(json),
    }),
  );
  return seenOf(
    response.status,
    await response.text(),
    response.headers.get('content-type') === 'text/event-stream',
  );
};

interface Difference {
  readonly reason: string;
  readonly applies: (request: Request, mine: Seen, other: Seen) => boolean;
}

const code = ({ messages }: Seen): unknown => messages[0]?.code;
const isNotification = ({ json }: Request): boolean =>
  !Array.isArray(json) && json.id === undefined;
const version = ({ headers }: Request): string | undefined => headers['mcp-protocol-version'];

/**
 * Every way in which our answers may differ, and why. Whatever is not in here is a fault of ours.
 */
const differences: readonly Difference[] = [
  {
    reason:
      'Invalid parameters are -32602 (JSON-RPC 2.0 section 5.1), where the SDK says -32603 for those that its own schemas refuse; a resource ' +
      'that is not found is -32002 in the revisions of 2025 ("Resources", "Error Handling"), where the SDK has the newer code.',
    applies: (_request, mine, other) => sameButForCodes(mine, other),
  },
  {
    reason:
      'Members that are null count as absent, since clients in Go and Java write them so; the SDK refuses them.',
    applies: ({ json }, _mine, other) =>
      /"(_meta|progressToken|arguments|cursor|context)":null/.test(JSON.stringify(json)) &&
      other.messages.some(({ code: refused, result }) => refused ?? result?.isError),
  },
  {
    reason: 'What is not a string or an integer is no id, and is not repeated as one.',
    applies: ({ json }, mine, other) =>
      json.id === 1.5 && code(mine) === code(other) && mine.messages[0]?.id === null,
  },
  {
    reason:
      'Versions that the policy does not name are told which ones it does (-32022), before anything else; the SDK speaks that of 2024 too.',
    applies: (request, mine) => version(request) === '2024-11-05' && code(mine) === -32_022,
  },
  {
    reason: 'The same at the handshake: 2024-11-05 is negotiated to our newest of that era.',
    applies: ({ json }, mine) =>
      json.params?.protocolVersion === '2024-11-05' &&
      mine.messages[0]?.result?.protocolVersion === '2025-11-25',
  },
  {
    reason:
      'That a version is not spoken goes before what its _meta lacks by the rules of 2026-07-28, which may not be its own.',
    applies: (request, mine, other) =>
      isModern(request) && code(mine) === -32_022 && code(other) === -32_602,
  },
  {
    reason:
      'server/discover names every version that is spoken, as the example of "Versioning" does; the SDK names those without a handshake.',
    applies: ({ json }, mine, other) =>
      json.method === 'server/discover' && mine.messages[0]?.result && other.messages[0]?.result,
  },
  {
    reason:
      'An initialize whose _meta names a version is held to it; the SDK takes it for a handshake unless all of its _meta is well-formed.',
    applies: (request, mine) =>
      request.json.method === 'initialize' &&
      isModern(request) &&
      [-32_602, -32_022].includes(Number(code(mine))),
  },
  {
    reason: 'IN-1: a notification that is not on the list is refused, not taken silently.',
    applies: (request, mine, other) =>
      isNotification(request) && mine.status >= 400 && other.status === 202,
  },
  {
    reason:
      'Batches: only where 2025-03-26 is spoken, never with an initialize; the SDK takes them from all older clients.',
    applies: ({ json }, mine) =>
      Array.isArray(json) && mine.status === 400 && code(mine) === -32_600,
  },
  {
    reason:
      'In the revisions of 2025 inputResponses and requestState mean nothing, and are not looked at; the SDK reads them all the same.',
    applies: (request) =>
      !isModern(request) && /"(inputResponses|requestState)":/.test(JSON.stringify(request.json)),
  },
  {
    reason:
      '2025-03-26 knows no resource links: its clients get a text that names the resource, where the SDK sends what they may refuse.',
    applies: ({ json }, mine) =>
      JSON.stringify(json).includes('"linking"') &&
      JSON.stringify(mine).includes('"text":"Note: test://note"'),
  },
];

const codes: readonly (readonly [ours: number, theirs: number])[] = [
  [-32_602, -32_603],
  [-32_002, -32_602],
];

const sameButForCodes = (mine: Seen, other: Seen): boolean =>
  mine.status === other.status &&
  mine.messages.length === other.messages.length &&
  mine.messages.every((message, index) => {
    const counterpart = other.messages[index];
    const isSwapped = codes.some(
      ([own, theirCode]) => message.code === own && counterpart.code === theirCode,
    );
    return (
      (isSwapped && message.id === counterpart.id) ||
      JSON.stringify(sorted(message)) === JSON.stringify(sorted(counterpart))
    );
  });

const isModern = ({ json }: Request): boolean =>
  json.params?._meta?.['io.modelcontextprotocol/protocolVersion'] !== undefined;

// Twice what few samples would meet in the one revision that differs.
const names = fc.constantFrom(
  'linking',
  'add',
  'echo',
  'act',
  'regional',
  'failing',
  'asking',
  'curious',
  'linking',
  'slow',
  'nope',
  'toString',
  '__proto__',
  '',
);
const toolArguments = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    {},
    { a: 1, b: 2 },
    { a: '1' },
    { text: 'hi' },
    { region: 'eu' },
    { region: 'Zürich', size: 3 },
    { nested: { dry: true } },
    { what: 'form' },
    { what: 'url' },
    { what: 'sampling' },
    { what: 'sampling with tools' },
    { what: 'roots' },
    { what: 'time' },
    { how: 'told' },
    { how: 'thrown' },
    { how: 'malformed' },
    { steps: 1, milliseconds: 0 },
    5,
    null,
    [],
  ),
  fc.dictionary(
    fc.constantFrom('a', 'b', 'text', 'region', 'size'),
    fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null)),
    {
      noNullPrototype: true,
    },
  ),
);
/**
 * The repetition of a call that asked, and the task that a client of 2025-11-25 may want of a
 * server that knows none.
 */
const extras = fc.constantFrom<Loose>(
  { inputResponses: { name: { action: 'accept' } }, requestState: 'state-1' },
  { inputResponses: {}, requestState: 'state-1' },
  { requestState: 5 },
  { task: { ttl: 1000 } },
);
const uris = fc.constantFrom(
  'test://secret',
  'test://note',
  'test://bytes',
  'test://book/1/2',
  'test://book/two%20words/7',
  'test://nowhere',
  'test://book/1',
  '',
  'not a uri',
);
const cursors = fc.constantFrom<unknown>(undefined, 5, null);

const calls: readonly fc.Arbitrary<readonly [string, Loose]>[] = [
  fc
    .record({
      name: names,
      arguments: toolArguments,
      extra: fc.oneof({ weight: 6, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: extras }),
    })
    .map(({ extra, ...params }) => ['tools/call', { ...params, ...extra }] as const),
  fc
    .record({
      name: fc.constantFrom<unknown>('greet', 'welcome', 'nope', 'constructor', 5, undefined),
      arguments: fc.constantFrom<unknown>(
        undefined,
        {},
        { name: 'Ada' },
        { name: '' },
        { name: 5 },
        { name: 'Ada', tone: 'warm' },
      ),
      extra: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: extras }),
    })
    .map(({ extra, ...params }) => ['prompts/get', { ...params, ...extra }] as const),
  fc
    .record({
      uri: uris,
      extra: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: extras }),
    })
    .map(({ uri, extra }) => ['resources/read', { uri, ...extra }] as const),
  fc
    .tuple(
      fc.constantFrom('tools/list', 'prompts/list', 'resources/list', 'resources/templates/list'),
      cursors,
    )
    .map(([method, cursor]) => [method, { cursor }] as const),
  fc
    .record({
      ref: fc.constantFrom<unknown>(
        { type: 'ref/resource', uri: 'test://book/{chapter}/{page}' },
        { type: 'ref/resource', uri: 'test://note' },
        { type: 'ref/prompt', name: 'greet' },
        { type: 'ref/prompt', name: 'nope' },
        { type: 'ref/x' },
        undefined,
      ),
      argument: fc.constantFrom<unknown>(
        { name: 'page', value: '1' },
        { name: 'chapter', value: '' },
        { name: 'x', value: 5 },
        undefined,
      ),
      context: fc.constantFrom<unknown>(undefined, null, { arguments: { chapter: 'a' } }),
    })
    .map((params) => ['completion/complete', params] as const),
  fc
    .constantFrom(
      'server/discover',
      'ping',
      'initialize',
      'logging/setLevel',
      'resources/subscribe',
      'nope',
      'notifications/initialized',
      'notifications/cancelled',
      '',
    )
    .map((method) => [method, {}] as const),
  fc
    .record({
      protocolVersion: fc.constantFrom<unknown>(
        '2025-11-25',
        '2025-06-18',
        '2025-03-26',
        '2024-11-05',
        '2026-07-28',
        5,
      ),
      capabilities: fc.constant({}),
      clientInfo: fc.constantFrom<unknown>({ name: 'a', version: '1' }, {}),
    })
    .map((params) => ['initialize', params] as const),
  fc
    .constantFrom<unknown>({ notifications: {} }, { notifications: { toolsListChanged: true } }, {})
    .map((params) => ['subscriptions/listen', params] as const),
];
const call = fc.oneof(...calls);
const id = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom<unknown>(1, 'a', 0, -5, 'ä') },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(undefined, null, 1.5, {}) },
);

const modern = fc
  .record({
    call,
    id,
    meta: fc.oneof(
      {
        weight: 8,
        arbitrary: fc.constantFrom<Loose>(
          {},
          { 'io.modelcontextprotocol/clientCapabilities': { elicitation: {} } },
          {
            'io.modelcontextprotocol/clientCapabilities': {
              elicitation: { url: {} },
              sampling: {},
            },
          },
          {
            'io.modelcontextprotocol/clientCapabilities': {
              elicitation: { form: {} },
              sampling: { tools: {} },
              roots: {},
            },
          },
          { progressToken: 1 },
        ),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom<Loose>(
          { 'io.modelcontextprotocol/protocolVersion': '2027-01-01' },
          { 'io.modelcontextprotocol/protocolVersion': 5 },
          { 'io.modelcontextprotocol/clientCapabilities': undefined },
          {
            'io.modelcontextprotocol/protocolVersion': '2027-01-01',
            'io.modelcontextprotocol/clientCapabilities': undefined,
          },
          { 'io.modelcontextprotocol/clientCapabilities': { sampling: 5 } },
          { progressToken: {} },
          { 'io.modelcontextprotocol/clientInfo': 'me' },
          { 'io.modelcontextprotocol/logLevel': 'loud' },
        ),
      },
    ),
    broken: fc.oneof(
      { weight: 8, arbitrary: fc.constant({}) },
      {
        weight: 2,
        arbitrary: fc.constantFrom<Loose>(
          { 'mcp-method': 'tools/list' },
          { 'mcp-name': 'add' },
          { 'mcp-name': '=?base64?x?=' },
          { 'mcp-protocol-version': '2025-11-25' },
          { 'mcp-protocol-version': '2027-01-01' },
          { 'mcp-method': undefined },
          { 'mcp-name': undefined },
          { 'mcp-protocol-version': undefined },
        ),
      },
    ),
    params: fc.boolean(),
  })
  .map(
    ({ call: [method, params], id: requestId, meta, broken, params: mirrorsParams }): Request => {
      const name = method === 'resources/read' ? params.uri : params.name;
      const given = params.arguments ?? {};
      const headers: Record<string, string | undefined> = {
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': method,
        ...(typeof name === 'string' && { 'mcp-name': mirrored(name) }),
        ...(mirrorsParams &&
          typeof given.region === 'string' && { 'mcp-param-region': mirrored(given.region) }),
        ...(mirrorsParams &&
          typeof given.size === 'number' && { 'mcp-param-size': `${given.size}.0` }),
        ...(mirrorsParams && given.nested && { 'mcp-param-dry': 'true' }),
        ...broken,
      };
      return {
        headers: Object.fromEntries(
          Object.entries(headers).filter(
            (entry): entry is [string, string] => entry[1] !== undefined,
          ),
        ),
        json: JSON.parse(
          JSON.stringify({
            jsonrpc: '2.0',
            id: requestId,
            method,
            params: { ...params, _meta: { ...envelope(), ...meta } },
          }),
        ),
      };
    },
  );

const legacy = fc
  .record({
    call,
    id,
    version: fc.constantFrom<string | undefined>(
      '2025-11-25',
      '2025-06-18',
      '2025-03-26',
      undefined,
      '2024-11-05',
      '2026-07-28',
    ),
    meta: fc.oneof(
      {
        weight: 8,
        arbitrary: fc.constantFrom<unknown>(
          undefined,
          { progressToken: 'p' },
          { progressToken: 1.5 },
          5,
        ),
      },
      { weight: 1, arbitrary: fc.constantFrom<unknown>(null, { progressToken: null }) },
    ),
    jsonrpc: fc.oneof(
      { weight: 20, arbitrary: fc.constant('2.0') },
      { weight: 1, arbitrary: fc.constant('1.0') },
    ),
  })
  .map(
    ({ call: [method, params], id: requestId, version: named, meta, jsonrpc }): Request => ({
      headers: named === undefined ? {} : { 'mcp-protocol-version': named },
      json: JSON.parse(
        JSON.stringify({ jsonrpc, id: requestId, method, params: { ...params, _meta: meta } }),
      ),
    }),
  );

const batch = fc
  .record({
    messages: fc.array(legacy, { maxLength: 4 }),
    version: fc.constantFrom<string | undefined>('2025-03-26', undefined, '2025-06-18'),
  })
  .map(
    ({ messages, version: named }): Request => ({
      headers: named === undefined ? {} : { 'mcp-protocol-version': named },
      json: messages.map(({ json }, index) =>
        json.id === undefined ? json : { ...json, id: `${index}` },
      ),
    }),
  );

/** A revision to come, whose envelope nobody knows. */
const later = call.map(
  ([method, params]): Request => ({
    headers: { 'mcp-protocol-version': '2027-01-01', 'mcp-method': method },
    json: JSON.parse(
      JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method,
        params: { ...params, _meta: { 'io.modelcontextprotocol/protocolVersion': '2027-01-01' } },
      }),
    ),
  }),
);

const requests = fc.oneof(
  { weight: 10, arbitrary: modern },
  { weight: 8, arbitrary: legacy },
  { weight: 2, arbitrary: batch },
  { weight: 1, arbitrary: later },
);

describe('beside the official SDK', () => {
  it('gives the same answers to thousands of requests, but for the differences that are written down', async () => {
    const used = new Map<string, number>();
    const unexplained: { request: Request; mine: Seen; other: Seen }[] = [];
    const samples = fc.sample(requests, { numRuns: 4000, seed: 20_260_728 });
    for (const request of samples) {
      const [mine, other] = [await askOurs(request), await askTheirs(request)];
      if (JSON.stringify(sorted(mine)) === JSON.stringify(sorted(other))) continue;
      const difference = differences.find(({ applies }) => applies(request, mine, other));
      if (difference === undefined) unexplained.push({ request, mine, other });
      else used.set(difference.reason, (used.get(difference.reason) ?? 0) + 1);
    }
    expect(unexplained.slice(0, 5)).toEqual([]);
    // A difference that nothing shows any more is a sentence to delete.
    expect(differences.map(({ reason }) => reason).filter((reason) => !used.has(reason))).toEqual(
      [],
    );
  });
});

/** The order of an object's keys means nothing. */
const sorted = (value: Loose): Loose => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
};
