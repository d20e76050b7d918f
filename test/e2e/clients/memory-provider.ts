import { randomUUID } from 'node:crypto';
import type { RedirectListener } from './redirect-listener.ts';
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
  client_secret?: string | undefined;
}

/** An OAuth client's memory, of the shape that the official SDKs and the AI SDK share. */
export class MemoryProvider {
  readonly #setting: Setting;
  readonly #listener: RedirectListener;
  readonly #name: string;
  readonly clientMetadataUrl?: string;
  #client: ClientInformation | undefined;
  #tokens: Tokens | undefined;
  #verifier = '';
  #state = '';
  #server: { issuer?: string; authorizationServerUrl: string; tokenEndpoint: string } | undefined;
  logins = 0;

  constructor(name: string, setting: Setting, listener: RedirectListener) {
    this.#name = name;
    this.#setting = setting;
    this.#listener = listener;
    if (setting.clientMetadataUrl !== undefined) this.clientMetadataUrl = setting.clientMetadataUrl;
    if (setting.clientId !== undefined) this.#client = { client_id: setting.clientId };
  }

  get redirectUrl(): string {
    return this.#listener.redirectUrl;
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
  saveAuthorizationServerInformation = (server: { issuer?: string; authorizationServerUrl: string; tokenEndpoint: string }): void => {
    this.#server = server;
  };

  tokens = () => this.#tokens;
  saveTokens = (tokens: Tokens): void => {
    this.#tokens = tokens;
  };
  /** An access token that no server takes: the next call must refresh. */
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
    await this.#setting.browser.walk(url);
  };

  invalidateCredentials = (scope: string): void => {
    if (scope === 'all' || scope === 'tokens') this.#tokens = undefined;
    if (scope === 'all' || scope === 'client') this.#client = undefined;
  };
}
