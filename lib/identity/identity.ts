import {
  type IUserPool,
  LambdaVersion,
  ManagedLoginVersion,
  ResourceServerScope,
  type UserPool,
  UserPoolDomain,
  UserPoolOperation,
  UserPoolResourceServer,
} from 'aws-cdk-lib/aws-cognito';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Lazy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { ClientProfile } from '../../policy/clients.ts';
import type { Environment } from '../../policy/deployment.ts';
import {
  brandingStylesPerPool,
  groupsAttribute,
  providerAttributes,
} from '../../policy/identity.ts';
import type { Machine } from '../../policy/machines.ts';
import { resourceServer, type ScopeDefinition, scopes } from '../../policy/scopes.ts';
import { type Configuration, ConfigurationError } from '../configuration.ts';
import { creationId } from '../names.ts';
import type { PublicUrl } from '../public-url.ts';
import { type AppClientProps, appClient } from './app-client.ts';
import { importedPool } from './existing-pool.ts';
import type { ExistingPool } from './existing-pool-settings.ts';
import { LoginLog } from './login-log.ts';
import { machineClient } from './machine-client.ts';
import { configuredProviders } from './providers.ts';
import { repeatedInPool } from './repeated-in-pool.ts';
import type { Triggers } from './triggers.ts';
import { makeUserPool } from './user-pool.ts';

export interface IdentityProps {
  readonly environment: Environment;
  readonly profiles: readonly ClientProfile[];
  /** Those of the configuration, beside the policy's. */
  readonly ownScopes: Readonly<Record<string, ScopeDefinition>>;
  readonly machines: readonly Machine[];
  readonly url: PublicUrl;
  readonly triggers: Triggers;
  readonly settings: Configuration['identity'];
  readonly brand: Configuration['brand'];
  /** The local runtime emulates a pool of ours, and nobody else's. */
  readonly isLocal: boolean;
}

/**
 * Cognito: holds the passwords and signs the tokens. One confidential app client a client profile,
 * our callback only.
 */
export class Identity extends Construct {
  readonly userPool: IUserPool;
  /** The same, unless it is somebody else's. */
  readonly ownPool?: UserPool;
  /** Where threat protection writes what it saw, if it is on in a pool of ours. */
  readonly loginLog?: LogGroup;
  /** `https://<prefix>.auth.<region>.amazoncognito.com` */
  readonly domainUrl: string;
  /** App client ids by profile name. */
  readonly clientIds: Readonly<Record<string, string>>;
  /** App client ids of machines, by their names. */
  readonly machineIds: Readonly<Record<string, string>>;
  /** Mail domains whose people go straight to their provider. */
  readonly loginDomains: readonly string[];

  constructor(
    scope: Construct,
    id: string,
    {
      environment,
      profiles,
      ownScopes,
      machines,
      url,
      triggers,
      settings,
      brand,
      isLocal,
    }: IdentityProps,
  ) {
    super(scope, id);
    if (profiles.length > brandingStylesPerPool)
      throw new ConfigurationError(
        `profiles: ${profiles.length} are deployed, but a user pool has ${brandingStylesPerPool} branding styles and every app client needs one. Switch some off.`,
      );
    // The local runtime emulates one of ours in its place.
    const existing = isLocal ? undefined : settings.userPool;
    if (existing) this.userPool = importedPool(this, existing, triggers.preTokenGeneration.invoked);
    else {
      this.ownPool = makeUserPool(this, environment, settings);
      this.ownPool.addTrigger(
        UserPoolOperation.PRE_TOKEN_GENERATION_CONFIG,
        triggers.preTokenGeneration.invoked,
        LambdaVersion.V2_0,
      );
      if (triggers.preSignUp)
        this.ownPool.addTrigger(UserPoolOperation.PRE_SIGN_UP, triggers.preSignUp.invoked);
      this.userPool = this.ownPool;
      if (settings.threatProtection)
        this.loginLog = new LoginLog(this, 'LoginLog', {
          environment,
          userPool: this.ownPool,
        }).logGroup;
    }
    this.node.addValidation({ validate: () => repeatedInPool(this, this.userPool) });
    this.loginDomains = settings.providers.flatMap(({ domains }) => domains);
    configuredProviders(this, this.userPool, settings.providers);
    const providers = this.registeredProviders(settings);
    this.domainUrl = existing?.loginUrl ?? this.domain().baseUrl();
    const server = new UserPoolResourceServer(this, 'ResourceServer', {
      userPool: this.userPool,
      identifier: resourceServer,
      scopes: Object.entries<ScopeDefinition>({ ...scopes, ...ownScopes }).map(
        ([name, { words }]) =>
          new ResourceServerScope({
            scopeName: name.slice(resourceServer.length + 1),
            scopeDescription: words,
          }),
      ),
    });
    const { userPool } = this;
    const attributes = this.attributes(existing);
    const managedLogin = existing?.managedLogin ?? true;
    this.clientIds = Object.fromEntries(
      profiles.map((profile) => {
        const client = appClient(this, {
          userPool,
          profile,
          url,
          brand,
          providers,
          managedLogin,
          attributes,
        });
        client.node.addDependency(server);
        return [profile.name, client.ref];
      }),
    );
    this.machineIds = Object.fromEntries(
      machines.map((machine) => {
        const client = machineClient(this, userPool, machine);
        client.node.addDependency(server);
        return [machine.name, client.ref];
      }),
    );
  }

  /**
   * The pool itself and every provider that was registered with it, also later than this: the names
   * are references, so that an app client waits for its providers.
   */
  private registeredProviders({ passwords, userPool }: Configuration['identity']): string[] {
    const names = () => [
      ...new Set([
        ...(passwords ? ['COGNITO'] : []),
        ...(userPool?.providers ?? []),
        ...this.userPool.identityProviders.map(({ providerName }) => providerName),
      ]),
    ];
    this.node.addValidation({
      validate: () =>
        names().length > 0
          ? []
          : [
              "identity.passwords is false and there is no identity provider, so nobody could log in: give identity.providers one, or register it: new UserPoolIdentityProviderOidc(this, 'Okta', { userPool: mcp.userPool, … })",
            ],
    });
    return Lazy.list({ produce: names });
  }

  /** The groups only where there is a provider: nobody else may fill them. */
  private attributes(existing: ExistingPool | undefined): AppClientProps['attributes'] {
    const ofOwnPool = () => (this.userPool.identityProviders.length > 0 ? [groupsAttribute] : []);
    const custom = () => existing?.attributes ?? ofOwnPool();
    // Cognito itself decides whether an address is verified.
    const writable = providerAttributes.filter((name) => name !== 'email_verified');
    return {
      read: Lazy.list({ produce: () => [...providerAttributes, ...custom()] }),
      write: Lazy.list({ produce: () => [...writable, ...custom()] }),
    };
  }

  private domain() {
    return new UserPoolDomain(this, 'Domain', {
      userPool: this.userPool,
      // Prefixes are unique in a region across all accounts, and a stack may hold two of us. An
      // account id must not show in a URL (ERR-1).
      cognitoDomain: {
        domainPrefix: `${resourceServer}-${creationId(this)}`,
      },
      managedLoginVersion: ManagedLoginVersion.NEWER_MANAGED_LOGIN,
    });
  }
}
