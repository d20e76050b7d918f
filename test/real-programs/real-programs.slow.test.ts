import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Gatehouse, startGatehouse } from '../../local/runtime.ts';
import { Browser } from '../e2e/browser/browser-walk.ts';
import { type BrowserOpener, startBrowserOpener } from '../e2e/clients/browser-opener.ts';
import {
  type MetadataDocumentHost,
  serveMetadataDocument,
} from '../e2e/clients/metadata-document-host.ts';
import { type Outcome, run } from '../e2e/clients/program.ts';

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

/** Where Codex says who it is. The document is ours: its own is not reached from a test. */
const codexDocument = 'https://chatgpt.com/oauth/codex/client.json';

let gatehouse: Gatehouse;
let documents: MetadataDocumentHost;
beforeAll(async () => {
  documents = await serveMetadataDocument(codexDocument, {
    client_name: 'Codex',
    redirect_uris: ['http://127.0.0.1/callback'],
    token_endpoint_auth_method: 'none',
  });
  gatehouse = await startGatehouse({ routes: [documents.route] });
}, 240_000);
afterAll(() => Promise.all([gatehouse?.stop(), documents?.stop()]));

/** A home of its own, without what would make a program look for its maker. */
const environmentOf = (home: string, opener: BrowserOpener): Record<string, string> => ({
  HOME: home,
  NO_COLOR: '1',
  TERM: 'dumb',
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  OPENCODE_DISABLE_AUTOUPDATE: '1',
  ...opener.environment,
});

describe('a program that people use', () => {
  it.each([claudeCode, codex, openCode])(
    '$name logs in unattended: registration or document, consent, login, tokens, and a connection',
    async ({ logIn, expected }) => {
      const home = await mkdtemp(join(tmpdir(), 'gatehouse-program-'));
      const [person = { email: '', password: '' }] = gatehouse.users;
      const opener = await startBrowserOpener(new Browser({ person }), home);
      try {
        const env = environmentOf(home, opener);
        const report = await logIn({
          mcpUrl: gatehouse.mcpUrl,
          home,
          start: (command, ...args) => run({ command, args: [...args], env }, home, 60_000),
        });
        const walks = await Promise.all(opener.walks);
        expect(walks.map(({ last }) => last.status)).toEqual([200]);
        expect(report).toMatch(expected);
      } finally {
        await opener.stop();
        await rm(home, { recursive: true, force: true });
      }
    },
    240_000,
  );
});
