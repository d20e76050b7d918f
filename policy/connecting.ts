/**
 * How a person connects each client, for the page at the root. `{url}` and `{name}` are written in.
 * A row is shown where its profile is deployed; `source` is where the maker says so, and `read` when
 * it was compared. What nobody wrote down has the general row.
 */
export interface Connecting {
  readonly profile: string;
  readonly client: string;
  readonly words: string;
  /** What is typed in a terminal or written into a file, as it stands. */
  readonly text?: string;
  readonly source: string;
  readonly read: string;
}

/**
 * The name that a client files the server under. Clients put it before the names of tools
 * (`mcp__orders__list_orders`), and the models' APIs take 64 characters together.
 */
export const shortNameCharacters = 24;

export const connecting = [
  {
    profile: 'claude',
    client: 'Claude (web, desktop, mobile)',
    words: 'Settings, Connectors, Add custom connector: give it the address above.',
    source:
      'https://support.claude.com/en/articles/11175166-getting-started-with-custom-connectors-using-remote-mcp',
    read: '2026-11-26',
  },
  {
    profile: 'chatgpt',
    client: 'ChatGPT',
    words:
      'Settings, Apps & Connectors, Advanced settings: switch on developer mode. Then Create: give it the address above, with OAuth.',
    source: 'https://developers.openai.com/apps-sdk/deploy/connect-chatgpt',
    read: '2026-11-26',
  },
  {
    profile: 'julius',
    client: 'Julius',
    words: 'Add a remote MCP server with the address above.',
    source: 'https://julius.ai/docs',
    read: '2026-11-26',
  },
  {
    profile: 'mistral',
    client: 'Mistral Le Chat',
    words:
      'Intelligence, Connectors, Add connector, Custom MCP connector: give it the address above.',
    source: 'https://help.mistral.ai/en/articles/393572-configuring-a-custom-connector',
    read: '2026-11-26',
  },
  {
    profile: 'loopback',
    client: 'Claude Code',
    words: 'In a terminal; then /mcp in Claude Code to sign in:',
    text: 'claude mcp add --transport http {name} {url}',
    source: 'https://code.claude.com/docs/en/mcp',
    read: '2026-11-26',
  },
  {
    profile: 'loopback',
    client: 'Codex',
    words: 'In a terminal:',
    text: 'codex mcp add {name} --url {url}',
    source: 'https://developers.openai.com/codex/mcp',
    read: '2026-11-26',
  },
  {
    profile: 'loopback',
    client: 'Cursor',
    words: 'In .cursor/mcp.json of a project, or in your home folder:',
    text: '{"mcpServers":{"{name}":{"url":"{url}"}}}',
    source: 'https://cursor.com/docs/mcp',
    read: '2026-11-26',
  },
  {
    profile: 'loopback',
    client: 'Visual Studio Code',
    words: 'In .vscode/mcp.json of a project, or by the command “MCP: Add Server”:',
    text: '{"servers":{"{name}":{"type":"http","url":"{url}"}}}',
    source: 'https://code.visualstudio.com/docs/copilot/reference/mcp-configuration',
    read: '2026-11-26',
  },
] as const satisfies readonly Connecting[];

/** A profile whose maker's words we do not have. */
export const connectingOther = 'Add a remote MCP server with the address above.';
