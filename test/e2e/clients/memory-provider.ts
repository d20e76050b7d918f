import { randomUUID } from 'node:crypto';
import type { Setting } from './story.ts';

interface Tokens {
  access_token: string;
  token_type: string;
  refresh_token?: string | undefined;
  scope?: string | undefined;
  expires_in?: number | undefined;
  id_token?: string | undefined;
}

interface ClientInformation {
  client_id: string;
  issuer?: string | undefined;
  client_secret?: string | undefined;
}

interface ServerInformation {
  issuer?: string;
  authorizationServerUrl: string;
  tokenEndpoint: string;
}

/** An OAuth client's memory, of the shape that the official SDKs and the AI SDK share. */
export class MemoryProvider {
  readonly redirectUrl: string;
  readonly clientMetadataUrl?: string;
  readonly #setting: Setting;
  readonly #name: string;
  #client: ClientInformation | undefined;
  #tokens: Tokens | undefined;
  #verifier = '';
  #state = '';
  #server: ServerInformation | undefined;
  /** Parameters of the last authorization response. */
  response = new URLSearchParams();
  logins = 0;

  constructor(name: string, setting: Setting, redirectUrl: string) {
    this.redirectUrl = redirectUrl;
    this.#name = name;
    this.#setting = setting;
    if (setting.clientMetadataUrl !== undefined) this.clientMetadataUrl = setting.clientMetadataUrl;
    if (setting.clientId !== undefined)
      this.#client = { client_id: setting.clientId, issuer: setting.mcpUrl.replace(/\/mcp$/, '') };
  }

  get clientMetadata() {
    return {
      client_name: this.#name,
      redirect_uris: [this.redirectUrl],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    };
  }

  clientInformation = () => this.#client;
  saveClientInformation = (client: ClientInformation): void => {
    this.#client = client;
  };
  isClientInformationDynamicallyRegistered = () => true;

  authorizationServerInformation = () => this.#server;
  saveAuthorizationServerInformation = (server: ServerInformation): void => {
    this.#server = server;
  };

  tokens = () => this.#tokens;
  saveTokens = (tokens: Tokens): void => {
    this.#tokens = tokens;
  };
  /** Leaves an access token that no server takes: the next call must refresh. */
  spoilAccessToken = (): void => {
    if (this.#tokens) this.#tokens = { ...this.#tokens, access_token: 'spoiled' };
  };

  state = () => randomUUID();
  saveState = (state: string): void => {
    this.#state = state;
  };
  storedState = () => this.#state;
  saveCodeVerifier = (verifier: string): void => {
    this.#verifier = verifier;
  };
  codeVerifier = () => this.#verifier;

  redirectToAuthorization = async (url: URL): Promise<void> => {
    this.logins += 1;
    const { last } = await this.#setting.browser.walk(url);
    this.response = last.url.searchParams;
  };

  invalidateCredentials = (scope: string): void => {
    if (scope === 'all' || scope === 'tokens') this.#tokens = undefined;
    if (scope === 'all' || scope === 'client') this.#client = undefined;
  };
}
