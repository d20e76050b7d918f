import { isAbsolute } from 'node:path';
import type { IUserPool } from 'aws-cdk-lib/aws-cognito';
import type { IGrantable, IPrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Annotations, type CfnOutput, Lazy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { figureMetadata, policyMetadata } from '../policy/deployment.ts';
import { keepWarm } from '../policy/keep-warm.ts';
import { lifetimes } from '../policy/lifetimes.ts';
import * as policy from '../policy/limits.ts';
import { scopes } from '../policy/scopes.ts';
import * as securityEvents from '../policy/security-events.ts';
import { applyAccountRules } from './account-rules.ts';
import { Api } from './api.ts';
import { AuditTrail } from './audit.ts';
import { pageBrand } from './brand/brand.ts';
import { promisesOf } from './breaking/promises.ts';
import { bundles } from './bundle/bundle.ts';
import { Canary } from './canary.ts';
import { judgeForClients } from './client-limits.ts';
import { deployedProfiles } from './client-profiles.ts';
import {
  type Configuration,
  ConfigurationError,
  type ConfigurationSource,
  readConfiguration,
} from './configuration.ts';
import { configuredPolicy } from './configured-policy.ts';
import { CustomDomain } from './custom-domain.ts';
import { Distribution } from './edge/distribution.ts';
import { OriginSecret } from './edge/origin-secret.ts';
import { Encryption } from './encryption.ts';
import { figuresOf } from './figures.ts';
import { Firewall } from './firewall/firewall.ts';
import { Functions } from './functions.ts';
import type { GatehouseProps } from './gatehouse-props.ts';
import { GatewayResponses } from './gateway-responses.ts';
import { Identity } from './identity/identity.ts';
import { planOfMachine } from './identity/machine-plan.ts';
import { deployedMachines } from './identity/machine-settings.ts';
import { makeTriggers, type Triggers } from './identity/triggers.ts';
import { KeepWarm } from './keep-warm.ts';
import {
  forLocalRuntime,
  localRuntimeOf,
  markForLocalRuntime,
  markSources,
} from './local-runtime.ts';
import { LoggingRole } from './logging-role/logging-role.ts';
import { deploymentName } from './names.ts';
import { Observability } from './observability/observability.ts';
import { outputs } from './outputs.ts';
import { type PublicUrl, publicUrl } from './public-url.ts';
import { writeRegistryDocument } from './registry-document.ts';
import { Routes } from './routes.ts';
import { ownScopeDefinitions } from './scope-settings.ts';
import { State } from './state.ts';
import { checkToolSettings, importEnvironment, type ToolSettings } from './tool-settings.ts';
import { UsagePlanKeys, UsagePlans } from './usage-plans.ts';

/**
 * A remote MCP server with its login, composed in the order a request meets the parts.
 *
 * @example new Gatehouse(this, 'Mcp', { entry: join(import.meta.dirname, 'mcp'), alarmEmail:
 * 'ops@example.com' });
 * @throws ConfigurationError that names the property, what is wrong with it and how to put it right
 */
export class Gatehouse extends Construct implements IGrantable {
  readonly url: PublicUrl;
  readonly api: Api;
  readonly identity: Identity;
  readonly state: State;
  readonly functions: Functions;
  private readonly triggers: Triggers;
  /** What the commands find it by; their ids are their names. */
  readonly outputs: readonly CfnOutput[];
  private readonly auditTrail: AuditTrail;
  private readonly observability: Observability;

  constructor(
    scope: Construct,
    id: string,
    { entry, tools = {}, encryptionKey, ...props }: GatehouseProps = {},
  ) {
    super(scope, id);
    const {
      addressLimits = policy.addressLimits,
      usagePlanShares = policy.usagePlanShares.perProfileInApp,
      ...chosen
    } = props;
    const deployed = readConfiguration(withPlainZone(chosen), properties(this));
    const localRuntime = localRuntimeOf(this);
    if (localRuntime) markForLocalRuntime(this);
    const configuration = localRuntime ? forLocalRuntime(deployed, localRuntime) : deployed;
    const { environment, urlMode, stage } = configuration;
    const { canary, ignoreAlarms } = configuration.deployment;
    const ownScopes = ownScopeDefinitions(configuration.scopes);
    const profiles = deployedProfiles(configuration.profiles, ownScopes);
    const machines = deployedMachines(configuration.machines, Object.keys(ownScopes));
    const brand = configuration.brand && pageBrand(configuration.brand);
    const settings = checkToolSettings(tools);
    const chosenLifetimes = {
      ...lifetimes,
      logRetentionDays: configuration.logRetentionDays,
      auditRetentionDays: configuration.audit.retentionDays,
    };
    const made = bundles(absolute(entry), settings.bundling, importEnvironment(settings), {
      access: configuration.access,
      toolLimits: configuration.userLimits.tools,
      scopes: ownScopes,
      policy: configuredPolicy({
        profiles,
        addressLimits,
        methodThrottles: configuration.methodThrottles,
        lifetimes: chosenLifetimes,
      }),
    });
    const userLimits = { ...configuration.userLimits, tools: made.manifest.toolLimits };
    if (localRuntime) markSources(this, made.sources);
    judgeForClients(this, made.manifest.catalogue, settings.clientLimits ?? 'warn');
    for (const warning of made.manifest.warnings)
      Annotations.of(this).addWarningV2(`gatehouse:access:${warning}`, warning);
    const deployment = deploymentName(this);
    const metricsNamespace = `${securityEvents.metricsNamespace}/${deployment}`;
    const { key } = new Encryption(this, 'Encryption', {
      environment,
      given: encryptionKey,
    });

    this.api = new Api(this, 'Api', {
      name: deployment,
      stageName: stage,
      environment,
      urlMode,
      accessLog: configuration.cloudWatchRole,
      methodThrottles: configuration.methodThrottles,
      logKey: key,
    });
    // A setting of an AWS account, which the local runtime has not.
    if (configuration.cloudWatchRole && localRuntime === undefined) {
      const role = new LoggingRole(this, 'LoggingRole', { environment, logKey: key });
      this.api.stage.node.addDependency(role.made);
    }
    const edge = urlMode === 'cloudfront' ? this.edge(configuration, key) : undefined;
    this.url = publicUrl({
      mode: urlMode,
      stage,
      ownScopes: Object.keys(ownScopes),
      origin: localRuntime
        ? `http://localhost:${localRuntime.port}`
        : this.origin(configuration, edge),
    });
    if (localRuntime === undefined)
      writeRegistryDocument(this, this.url.resource, made.manifest.identity);
    this.state = new State(this, 'State', { environment });
    this.triggers = makeTriggers(this, {
      environment,
      bundles: made.byFunction,
      settings: configuration.identity,
      concurrency: configuration.concurrency,
      logKey: key,
    });
    this.identity = new Identity(this, 'Identity', {
      environment,
      profiles,
      ownScopes,
      machines,
      url: this.url,
      triggers: this.triggers,
      settings: configuration.identity,
      brand: configuration.brand,
      isLocal: localRuntime !== undefined,
    });
    const plans = [...profiles, ...machines.map(planOfMachine)];
    const keys = new UsagePlanKeys(this, 'UsagePlanKeys', plans, usagePlanShares);
    this.functions = new Functions(this, 'Functions', {
      metricsNamespace,
      environment,
      bundles: made,
      profiles,
      machines,
      allowedOrigins: configuration.allowedOrigins,
      url: this.url,
      identity: this.identity,
      table: this.state.table,
      usagePlanKeys: keys,
      userLimits,
      brand,
      tools: localRuntime ? withoutNetwork(settings) : settings,
      concurrency: configuration.concurrency,
      isAliased: canary !== undefined,
      audit: configuration.audit,
      logKey: key,
    });
    const { authorizer, authorization, token, mcp } = this.functions.byName;
    this.auditTrail = new AuditTrail(this, 'Audit', {
      environment,
      settings: configuration.audit,
      bundle: made.byFunction['audit-trail'],
      writers: [authorizer, authorization, token, mcp],
      concurrency: configuration.concurrency['audit-trail'],
      deployment,
      logKey: key,
    });
    this.keepWarm(configuration);
    new Routes(this, 'Routes', { api: this.api.restApi, environment, functions: this.functions });
    new GatewayResponses(this, 'GatewayResponses', {
      api: this.api.restApi,
      environment,
      url: this.url,
      brand,
    });
    new UsagePlans(this, 'UsagePlans', { profiles: plans, stage: this.api.stage, keys });
    if (configuration.domain)
      new CustomDomain(this, 'CustomDomain', { ...configuration.domain, stage: this.api.stage });
    const firewall = new Firewall(this, 'Firewall', {
      deployment,
      environment,
      stage: this.api.stage,
      stageName: stage,
      userPool: this.identity.ownPool,
      addressLimits,
      sharedNetworks: [
        ...profiles.flatMap(({ egress }) => (egress === undefined ? [] : [egress])),
        ...configuration.trustedNetworks,
      ],
      addressLists: {
        blocked: configuration.blockedAddresses,
        allowed: configuration.allowedAddresses,
      },
      originSecrets: edge?.originSecret.accepted,
      brand,
      logKey: key,
    });
    // The stage must take a new secret before the distribution sends it.
    edge?.distribution.distribution.node.addDependency(firewall.webAcl);
    this.observability = new Observability(this, 'Observability', {
      metricsNamespace,
      deployment,
      stage: this.api.stage,
      stageName: stage,
      table: this.state.table,
      accessLog: this.api.accessLog,
      functions: [
        ...Object.values(this.functions.byName),
        this.triggers.preTokenGeneration,
        this.auditTrail.function,
      ],
      rateRefusals: firewall.rateRefusals,
      logins: {
        userPoolId: this.identity.userPool.userPoolId,
        clientIds: this.identity.clientIds,
        passwords: configuration.identity.passwords,
        log: this.identity.loginLog,
      },
      logs: {
        firewall: firewall.logGroups,
        trail: [this.auditTrail.logGroup],
        logins: this.identity.loginLog ? [this.identity.loginLog] : [],
      },
      toolMetrics: configuration.audit.toolMetrics > 0,
      alarmEmail: configuration.alarmEmail,
      key,
      mcpUrl: this.url.resource,
    });
    if (canary !== undefined)
      new Canary(this, 'Canary', {
        canary,
        functions: Object.values(this.functions.byName),
        alarms: ignoreAlarms ? [] : this.observability.canaryAlarms,
      });
    this.outputs = outputs(this, {
      mcpUrl: this.url.resource,
      userPool: this.userPool,
      table: this.state.table,
      alarmTopic: this.alarmTopic,
      trail: this.auditTrail.logGroup,
      subjects: configuration.audit.subject,
    });
    for (const part of this.node.findAll())
      if (part instanceof CfnLogGroup) part.retentionInDays = configuration.logRetentionDays;
    this.auditTrail.keep(configuration.audit.retentionDays);
    applyAccountRules(this, configuration);
    this.publish(
      {
        access: made.manifest.access,
        machines,
        allowBreaking: configuration.allowBreaking,
        promises: Lazy.any({ produce: () => promisesOf(this) }),
      },
      {
        addressLimits,
        methodThrottles: configuration.methodThrottles,
        profiles,
        machines,
        lifetimes: chosenLifetimes,
        access: made.manifest.access,
        userLimits,
        scopes: { ...scopes, ...ownScopes },
        sizes: policy.sizes,
      },
    );
  }

  /**
   * Into the template's metadata: what commands read of a deployment, and the figures in force, so
   * that `cdk diff` shows a changed limit, and not the hash of some code alone.
   */
  private publish(read: object, figures: object): void {
    const stack = Stack.of(this);
    const { path } = this.node;
    stack.addMetadata(`${policyMetadata}${path}`, read);
    for (const [figure, value] of figuresOf(figures))
      stack.addMetadata(`${figureMetadata}${path}: ${figure}`, value);
  }

  /** Where alarms are published. */
  get alarmTopic(): ITopic {
    return this.observability.alarmTopic;
  }

  /**
   * Puts the address and the groups into access tokens (version 2). A pool of ours has it already;
   * the owner of an existing pool makes it that pool's, which may call it.
   */
  get preTokenGeneration(): IFunction {
    return this.triggers.preTokenGeneration.invoked;
  }

  /** The audit trail's own. */
  get auditLogGroup(): ILogGroup {
    return this.auditTrail.logGroup;
  }

  get userPool(): IUserPool {
    return this.identity.userPool;
  }

  /** The function that runs the tools. */
  get function(): IFunction {
    return this.functions.byName.mcp.function;
  }

  /** The role of the function that runs the tools: `table.grantReadData(mcp)`. */
  get grantPrincipal(): IPrincipal {
    return this.functions.byName.mcp.function.grantPrincipal;
  }

  /** What has provisioned instances needs no schedule. */
  private keepWarm({ keepWarm: isWanted, concurrency }: Configuration): void {
    const functions = keepWarm.functions
      .filter((name) => concurrency[name]?.provisioned === undefined)
      .map((name) => this.functions.byName[name]);
    if (isWanted && functions.length > 0) new KeepWarm(this, 'KeepWarm', { functions });
  }

  private edge({ stage, environment, originSecret: versions }: Configuration, key: IKey) {
    const originSecret = new OriginSecret(this, 'OriginSecret', versions, key);
    const distribution = new Distribution(this, 'Edge', {
      originHost: this.api.executeApiHost,
      stageName: stage,
      environment,
      originSecret,
      key,
    });
    return { originSecret, distribution };
  }

  private origin(
    { domain }: Configuration,
    edge: { readonly distribution: Distribution } | undefined,
  ): string {
    return edge?.distribution.origin ?? `https://${domain?.name ?? this.api.executeApiHost}`;
  }
}

const properties = ({ node }: Construct): ConfigurationSource => ({
  name: `The Gatehouse ${node.path}`,
  root: node.id,
  furtherKeys: ['entry', 'tools', 'encryptionKey', 'addressLimits', 'usagePlanShares'],
});

/** A hosted zone of CDK's as the configuration has one. */
const withPlainZone = ({ domain, ...others }: Pick<GatehouseProps, 'domain'>): object => {
  const zone = domain?.hostedZone;
  if (zone === undefined || !('hostedZoneId' in zone)) return { ...others, domain };
  const hostedZone = { id: zone.hostedZoneId, name: zone.zoneName };
  return { ...others, domain: { ...domain, hostedZone } };
};

/** The local runtime has no network but that of its computer. */
const withoutNetwork = ({ vpc: _, vpcSubnets: __, securityGroups: ___, ...rest }: ToolSettings) =>
  rest;

/** A relative path would depend on the folder in which somebody runs the synthesis. */
const absolute = (entry: string | undefined): string | undefined => {
  if (entry === undefined || isAbsolute(entry)) return entry;
  throw new ConfigurationError(
    `entry: "${entry}" is not an absolute path: give join(import.meta.dirname, 'mcp')`,
  );
};
