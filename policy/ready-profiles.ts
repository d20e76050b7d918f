/**
 * Client profiles that are ready and off: `profiles: [{ name: 'chatgpt' }]` in the configuration
 * switches one on, and may change any of its values. A client whose redirect URIs are all loopback
 * ones needs none of them: the profile `loopback` takes it.
 *
 * `source` is where the redirect URIs stand, `evidence` whose word that is, and `read` when it was
 * compared. `maker`: the client's maker documents them. `servers`: no page of the maker was found;
 * several independent servers take them, some after seeing them in requests. None was tried with the
 * real program unless docs/clients.md says so.
 */
export interface ReadyProfile {
  readonly title: string;
  /** Redirect URIs (https) taken exactly as they stand. */
  readonly redirectUris: readonly string[];
  /** https hosts whose paths differ from connection to connection. */
  readonly redirectHosts: readonly string[];
  /** Registers loopback redirect URIs beside the others. */
  readonly loopback: boolean;
  readonly metadataDocumentHosts: readonly string[];
  readonly source: string;
  readonly evidence: 'maker' | 'servers';
  readonly read: string;
}

export const readyProfiles = {
  chatgpt: {
    title: 'ChatGPT',
    // The first is used where the server sends `iss` (RFC 9207), which this one does.
    redirectUris: ['https://chatgpt.com/connector_platform_oauth_redirect'],
    // `/connector/oauth/<id of the connection>`.
    redirectHosts: ['chatgpt.com'],
    loopback: false,
    metadataDocumentHosts: ['chatgpt.com'],
    source: 'https://developers.openai.com/apps-sdk/build/auth',
    evidence: 'maker',
    read: '2026-11-26',
  },
  cursor: {
    title: 'Cursor',
    // It also registers `cursor://anysphere.cursor-mcp/oauth/callback`: a private scheme, which any
    // program on a computer can claim, and which is not taken.
    redirectUris: [
      'https://www.cursor.com/agents/mcp/oauth/callback',
      'https://www.cursor.com/bot/mcp/oauth/callback',
    ],
    redirectHosts: [],
    loopback: true,
    // It publishes https://cursor.com/oauth/mcp-client.json with these and loopback ones.
    metadataDocumentHosts: ['cursor.com'],
    source: 'https://cursor.com/docs/mcp',
    evidence: 'maker',
    read: '2026-11-26',
  },
  vscode: {
    title: 'Visual Studio Code',
    redirectUris: ['https://vscode.dev/redirect', 'https://insiders.vscode.dev/redirect'],
    redirectHosts: [],
    loopback: true,
    metadataDocumentHosts: ['vscode.dev'],
    source: 'https://code.visualstudio.com/api/extension-guides/ai/mcp',
    evidence: 'maker',
    read: '2026-11-26',
  },
  mistral: {
    title: 'Mistral Le Chat',
    redirectUris: ['https://callback.mistral.ai/v1/integrations_auth/oauth2_callback'],
    redirectHosts: [],
    loopback: false,
    metadataDocumentHosts: [],
    source: 'https://github.com/aws-samples/mistral-on-aws',
    evidence: 'servers',
    read: '2026-11-26',
  },
  'copilot-studio': {
    title: 'Microsoft Copilot Studio',
    redirectUris: ['https://global.consent.azure-apim.net/redirect'],
    // `/redirect/<id of the connector>`.
    redirectHosts: ['global.consent.azure-apim.net'],
    loopback: false,
    metadataDocumentHosts: [],
    source:
      'https://learn.microsoft.com/en-us/microsoft-copilot-studio/mcp-add-existing-server-to-agent',
    evidence: 'maker',
    read: '2026-11-26',
  },
  perplexity: {
    title: 'Perplexity',
    redirectUris: [
      'https://www.perplexity.ai/rest/connections/oauth_callback',
      'https://enterprise.perplexity.ai/rest/connections/oauth_callback',
    ],
    redirectHosts: [],
    loopback: false,
    metadataDocumentHosts: [],
    source:
      'https://www.perplexity.ai/help-center/en/articles/13915507-adding-custom-remote-connectors',
    evidence: 'maker',
    read: '2026-11-26',
  },
  devin: {
    title: 'Devin',
    redirectUris: ['https://api.devin.ai/mcp/oauth/callback'],
    redirectHosts: [],
    loopback: false,
    metadataDocumentHosts: [],
    source: 'https://docs.devin.ai/work-with-devin/mcp',
    evidence: 'maker',
    read: '2026-11-26',
  },
} as const satisfies Readonly<Record<string, ReadyProfile>>;
