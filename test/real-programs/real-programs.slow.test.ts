import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Gatehouse, startGatehouse } from '../../local/runtime.ts';
import { Browser } from '../e2e/browser/browser-walk.ts';
import { type BrowserOpener, startBrowserOpener } from '../e2e/clients/browser-opener.ts';
import {
  type MetadataDocumentHost,
  serveMetadataDocument,
} from '../e2e/clients/metadata-document-host.ts';
import { type Outcome, run } from '../e2e/clients/program.ts';

/** A bound on hanging. */
const minutes = 240_000;
const modules = join(import.meta.dirname, 'node_modules');
const platform = `${process.platform}-${process.arch}`;

/** Command and arguments of an installed program. */
const program = (path: string): string => {
  const file = join(modules, path);
  if (existsSync(file)) return file;
  throw new Error(
    `${file} is not there. npm ci --prefix test/real-programs --ignore-scripts installs it, where its maker publishes it for ${platform}.`,
  );
};

interface Story {
  readonly mcpUrl: string;
  readonly home: string;
  start(command: string, ...parameters: readonly string[]): Promise<Outcome>;
}

interface RealProgram {
  readonly name: string;
  /** Logs in unattended, and says what the program itself reports of the connection afterwards. */
  readonly logIn: (story: Story) => Promise<string>;
  /** What the program says when it is logged in. */
  readonly expected: RegExp;
}

const told = ({ stdout, stderr }: Outcome): string => `${stdout}${stderr}`;

const claudeCode: RealProgram = {
  name: 'Claude Code',
  expected: /gatehouse: \S+ \(HTTP\) - .*Connected/,
  logIn: async ({ mcpUrl, start }) => {
    const claude = program(`@anthropic-ai/claude-code-${platform}/claude`);
    await start(claude, 'mcp', 'add', '--transport', 'http', 'gatehouse', mcpUrl);
    // It logs in from a terminal only; util-linux's script gives it one.
    await start('script', '-qec', `'${claude}' mcp login gatehouse`, '/dev/null');
    return told(await start(claude, 'mcp', 'list'));
  },
};

const codex: RealProgram = {
  name: 'Codex CLI',
  expected: /"auth_status": "o_auth"/,
  logIn: async ({ mcpUrl, start }) => {
    const script = program('@openai/codex/bin/codex.js');
    const codexCli = (...parameters: readonly string[]) =>
      start(process.execPath, script, 'mcp', ...parameters);
    // The first of these logs in already, when it finds that the server asks for it.
    await codexCli('add', 'gatehouse', '--url', mcpUrl);
    return told(await codexCli('list', '--json'));
  },
};

const openCode: RealProgram = {
  name: 'OpenCode',
  expected: /gatehouse.*connected/,
  logIn: async ({ mcpUrl, home, start }) => {
    const opencode = program(`opencode-${platform}/bin/opencode`);
    const folder = join(home, '.config', 'opencode');
    await mkdir(folder, { recursive: true });
    const mcp = { gatehouse: { type: 'remote', url: mcpUrl, enabled: true } };
    await writeFile(join(folder, 'opencode.json'), JSON.stringify({ mcp }));
    await start(opencode, 'mcp', 'auth', 'gatehouse');
    return told(await start(opencode, 'mcp', 'list'));
  },
};

const geminiCli: RealProgram = {
  name: 'Gemini CLI',
  expected: /gatehouse: \S+ \(http\) - Connected/,
  logIn: async ({ mcpUrl, start }) => {
    const script = program('@google/gemini-cli/bundle/gemini.js');
    const gemini = (...parameters: readonly string[]) =>
      start(process.execPath, script, ...parameters);
    await gemini('mcp', 'add', '--scope', 'user', '--transport', 'http', 'gatehouse', mcpUrl);
    // `/mcp auth` is a command of its window; this is what that calls.
    const logIn = join(import.meta.dirname, 'gemini-login.mjs');
    const folder = dirname(script);
    const answered = `echo y | '${process.execPath}' '${logIn}' '${folder}' gatehouse '${mcpUrl}'`;
    await start('sh', '-c', answered);
    return told(await gemini('mcp', 'list'));
  },
};

/** Where Codex says who it is. The document is ours: its own is not reached from a test. */
const codexDocument = 'https://chatgpt.com/oauth/codex/client.json';

/** A home of its own, without what would make a program look for its maker. */
const environmentOf = (home: string, opener: BrowserOpener): Record<string, string> => ({
  HOME: home,
  NO_COLOR: '1',
  TERM: 'dumb',
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  GEMINI_CLI_TRUST_WORKSPACE: 'true',
  OPENCODE_DISABLE_AUTOUPDATE: '1',
  ...opener.environment,
});

const programs = [claudeCode, codex, openCode, geminiCli];
/** It looks for the metadata at the host's root, which a bare stage cannot serve. */
const probesTheRoot = (program: RealProgram) => program === claudeCode;

interface Attempt {
  readonly report: string;
  /** Status of the page at which each walk of the browser ended. */
  readonly ends: readonly number[];
}

const attempt = async ({ mcpUrl, users }: Gatehouse, program: RealProgram): Promise<Attempt> => {
  const home = await mkdtemp(join(tmpdir(), 'gatehouse-program-'));
  const [person = { email: '', password: '' }] = users;
  const opener = await startBrowserOpener(new Browser({ person }), home);
  try {
    const env = environmentOf(home, opener);
    const report = await program.logIn({
      mcpUrl,
      home,
      start: (command, ...args) => run({ command, args: [...args], env }, home, 60_000),
    });
    const walks = await Promise.all(opener.walks);
    return { report, ends: walks.map(({ last }) => last.status) };
  } finally {
    await opener.stop();
    await rm(home, { recursive: true, force: true });
  }
};

describe.each(['domain', 'stage'] as const)(
  'in the URL mode %s a program that people use',
  (urlMode) => {
    let gatehouse: Gatehouse;
    let documents: MetadataDocumentHost;
    beforeAll(async () => {
      documents = await serveMetadataDocument(codexDocument, {
        client_name: 'Codex',
        redirect_uris: ['http://127.0.0.1/callback'],
        token_endpoint_auth_method: 'none',
      });
      gatehouse = await startGatehouse({ urlMode, routes: [documents.route] });
    }, minutes);
    afterAll(() => Promise.all([gatehouse?.stop(), documents?.stop()]));

    const works = programs.filter((each) => urlMode === 'domain' || !probesTheRoot(each));
    it.each(works)(
      'logs in unattended, $name: registration or document, consent, login, tokens, and a connection',
      async (program) => {
        const { report, ends } = await attempt(gatehouse, program);
        expect(ends).toEqual([200]);
        expect(report).toMatch(program.expected);
      },
      minutes,
    );

    for (const program of programs.filter((each) => !works.includes(each)))
      it(
        `opens no browser and says that it is not connected, ${program.name}: docs/clients.md tells of this mode`,
        async () => {
          const { report, ends } = await attempt(gatehouse, program);
          expect(ends).toEqual([]);
          expect(report).not.toMatch(program.expected);
          expect(report).toMatch(/Failed to connect/);
        },
        minutes,
      );
  },
);
