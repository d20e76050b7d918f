/**
 * Client profiles that are ready and off: `profiles: [{ name: 'chatgpt' }]` in the configuration
 * switches one on, and may change any of its values. A client whose redirect URIs are all loopback
 * ones needs none of them: the profile `loopback` takes it.
 *
 * `source` is where the redirect URIs were read, and `read` when. None of them was tried with the
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
  readonly read: string;
}

export const readyProfiles = {
  chatgpt: {
    title: 'ChatGPT',
    redirectUris: ['https://chatgpt.com/connector_platform_oauth_redirect'],
    // `/connector/oauth/<id of the connection>`.
    redirectHosts: ['chatgpt.com'],
    loopback: false,
    metadataDocumentHosts: ['chatgpt.com'],
    source: 'https://developers.openai.com/apps-sdk/build/auth',
    read: '2026-11-26',
  },
  cursor: {
    title: 'Cursor',
    // It also registers `cursor://anysphere.cursor-mcp/oauth/callback`: a private scheme, which any
    // program on a computer can claim, and which is not taken.
    redirectUris: ['https://www.cursor.com/agents/mcp/oauth/callback'],
    redirectHosts: [],
    loopback: true,
    metadataDocumentHosts: [],
    source: 'https://cursor.com/docs/context/mcp',
    read: '2026-11-26',
  },
  vscode: {
    title: 'Visual Studio Code',
    redirectUris: ['https://vscode.dev/redirect', 'https://insiders.vscode.dev/redirect'],
    redirectHosts: [],
    loopback: true,
    metadataDocumentHosts: ['vscode.dev'],
    source: 'https://code.visualstudio.com/api/extension-guides/ai/mcp',
    read: '2026-11-26',
  },
  mistral: {
    title: 'Mistral Le Chat',
    redirectUris: ['https://callback.mistral.ai/v1/integrations_auth/oauth2_callback'],
    redirectHosts: [],
    loopback: false,
    metadataDocumentHosts: [],
    source: 'https://help.mistral.ai/en/collections/911943-connectors',
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
    read: '2026-11-26',
  },
  devin: {
    title: 'Devin',
    redirectUris: ['https://api.devin.ai/mcp/oauth/callback'],
    redirectHosts: [],
    loopback: false,
    metadataDocumentHosts: [],
    source: 'https://docs.devin.ai/work-with-devin/mcp',
    read: '2026-11-26',
  },
} as const satisfies Readonly<Record<string, ReadyProfile>>;
