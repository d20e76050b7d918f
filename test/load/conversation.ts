/** Parsed JSON that a test looks into. */
type Loose = ReturnType<typeof JSON.parse>;

/** One request of a client, and what its answer must be. */
export interface Step {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly status: number;
  /** Of the last message of the answer. */
  readonly isRight: (message: Loose) => boolean;
  /** Takes time by itself, so its latency says nothing about the server. */
  readonly isSlow?: true;
}

export type Era = '2026-07-28' | '2025-11-25';

const envelope = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'load', version: '1.0.0' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

interface Call {
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
  /** What `Mcp-Name` mirrors. */
  readonly named?: string;
  readonly isRight: (result: Loose) => boolean;
  readonly progressToken?: string;
}

const tool = (
  name: string,
  isRight: (structured: Loose) => boolean,
  more: Partial<Call> & { readonly arguments?: object } = {},
): Call => {
  const { arguments: given = {}, ...rest } = more;
  return {
    method: 'tools/call',
    params: { name, arguments: given },
    named: name,
    isRight: ({ isError, structuredContent }) => isError !== true && isRight(structuredContent),
    ...rest,
  };
};

const uri = 'gatehouse://policy';

/** What an agent asks for, again and again. */
const calls = [
  tool('whoami', ({ sub }) => typeof sub === 'string'),
  { method: 'tools/list', isRight: ({ tools }) => tools.length === 4 },
  tool('security_posture', (posture) => posture !== undefined),
  // What was used may be nothing yet in a minute that began since.
  tool('my_usage', ({ minute }) => minute.limit > 0),
  { method: 'prompts/list', isRight: ({ prompts }) => prompts.length > 0 },
  tool('whoami', ({ profile }) => typeof profile === 'string'),
  {
    method: 'prompts/get',
    params: { name: 'review_posture', arguments: {} },
    named: 'review_posture',
    isRight: ({ messages }) => messages.length > 0,
  },
  { method: 'resources/list', isRight: ({ resources }) => resources.length > 0 },
  {
    method: 'resources/read',
    params: { uri },
    named: uri,
    isRight: ({ contents }) => contents[0].uri === uri,
  },
  {
    method: 'resources/templates/list',
    isRight: ({ resourceTemplates }) => resourceTemplates.length > 0,
  },
  tool('my_usage', ({ hour }) => hour.limit > 0),
  tool('whoami', ({ clientId }) => typeof clientId === 'string'),
] as const satisfies readonly Call[];

const long = tool('count_down', ({ waitedSeconds }) => waitedSeconds === 1, {
  arguments: { seconds: 1 },
  progressToken: 'p',
});

const modern = (
  { method, params = {}, named, isRight, progressToken }: Call,
  id: number,
): Step => ({
  name: `${method}${named ? ` ${named}` : ''}`,
  headers: {
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': method,
    ...(named && { 'mcp-name': named }),
  },
  body: {
    jsonrpc: '2.0',
    id,
    method,
    params: { ...params, _meta: { ...envelope, ...(progressToken && { progressToken }) } },
  },
  status: 200,
  isRight: (message) => message.id === id && message.error === undefined && isRight(message.result),
});

const legacy = ({ method, params, named, isRight, progressToken }: Call, id: number): Step => ({
  name: `${method}${named ? ` ${named}` : ''}`,
  headers: { 'mcp-protocol-version': '2025-11-25' },
  body: {
    jsonrpc: '2.0',
    id,
    method,
    params: { ...params, ...(progressToken && { _meta: { progressToken } }) },
  },
  status: 200,
  isRight: (message) => message.id === id && message.error === undefined && isRight(message.result),
});

const openings: Readonly<Record<Era, readonly Step[]>> = {
  '2026-07-28': [
    modern(
      {
        method: 'server/discover',
        isRight: ({ supportedVersions }) => supportedVersions.includes('2026-07-28'),
      },
      0,
    ),
  ],
  '2025-11-25': [
    legacy(
      {
        method: 'initialize',
        params: {
          protocolVersion: '2025-11-25',
          capabilities: {},
          clientInfo: { name: 'load', version: '1.0.0' },
        },
        isRight: ({ protocolVersion }) => protocolVersion === '2025-11-25',
      },
      0,
    ),
    {
      name: 'notifications/initialized',
      headers: { 'mcp-protocol-version': '2025-11-25' },
      body: { jsonrpc: '2.0', method: 'notifications/initialized' },
      status: 202,
      isRight: (message) => message === undefined,
    },
    {
      name: 'batch',
      headers: {},
      body: [1, 2].map((id) => ({ jsonrpc: '2.0', id, method: 'ping' })),
      status: 200,
      isRight: (message) => message.length === 2,
    },
  ],
};

/** How many calls a session is charged with, at most: below the limit per user and minute. */
export const callsASession = 28;

/**
 * What one user's client sends from connecting to leaving, in the manner of its era.
 * @param turn - numbers the sessions: the long call comes at another place in each, as nobody's
 * does at the same time as everybody's
 */
export const conversation = (era: Era, turn: number): readonly Step[] => {
  const step = era === '2026-07-28' ? modern : legacy;
  const opening = openings[era];
  // The batch counts twice.
  const room = callsASession - opening.length - 2;
  const repeated = Array.from({ length: room }, (_, index) =>
    step(calls[index % calls.length] ?? long, index + 10),
  );
  const slow: Step = { ...step(long, 5), isSlow: true };
  return [...opening, ...repeated.toSpliced(turn % room, 0, slow)];
};
