import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { endpoints } from '../policy/endpoints.ts';
import { Cdn } from './cdn/cdn.ts';
import { readDistribution } from './cdn/distribution.ts';
import { withLocalAddresses } from './cognito/local-addresses.ts';
import { namesIn, startLogs, startTables, startUserPool } from './emulated-services.ts';
import { readFirewall } from './firewall/firewall.ts';
import type { Gatehouse, GatehouseOptions, LogLine } from './gatehouse.ts';
import { isLocalHost, readEntry } from './gateway/entry.ts';
import { Gateway } from './gateway/gateway.ts';
import { listen, type RequestHandler } from './gateway/listen.ts';
import { readRestApi } from './gateway/rest-api.ts';
import { refuseUndeliveredAlarms } from './iam/alarm-delivery.ts';
import { readInvokePermissions } from './iam/invoke-permissions.ts';
import { readPermissions } from './iam/permissions.ts';
import { byEveryArn } from './lambda/aliases.ts';
import { makeClock } from './lambda/clock.ts';
import type { InvocationRecord, LambdaFunction } from './lambda/function.ts';
import { readFunctions } from './lambda/functions.ts';
import { readSchedules, startSchedules } from './lambda/schedules.ts';
import { trigger } from './lambda/trigger.ts';
import { type Deliver, readSubscriptions } from './logs/subscriptions.ts';
import { reloading } from './reload/reloading.ts';
import { startSecretsManager } from './secrets-manager/secrets-manager.ts';
import { readState, writeState } from './state/state-file.ts';
import { synthesized } from './synthesis/chosen-synthesis.ts';
import { loadApp } from './template/app.ts';
import { readAssembly } from './template/assembly.ts';
import { withPort } from './template/port.ts';
import { SecretValues } from './template/secrets.ts';
import type { Stack } from './template/stack.ts';

export type { Gatehouse, GatehouseOptions } from './gatehouse.ts';

/**
 * Starts a Gatehouse as the template describes it.
 * @throws StartupFailure with one plain message.
 */
export const startGatehouse = async (options: GatehouseOptions = {}): Promise<Gatehouse> => {
  const running: { stop(): Promise<unknown> }[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(running.splice(0).map((each) => each.stop()));
  };
  try {
    return { ...(await start(options, running)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

const start = async (
  options: GatehouseOptions,
  running: { stop(): Promise<unknown> }[],
): Promise<Omit<Gatehouse, 'stop'>> => {
  const { onProgress = () => {}, routes = [] } = options;
  const clock = makeClock();
  const { now } = clock;
  const handler = Promise.withResolvers<RequestHandler>();
  handler.promise.catch(() => {});
  // Listening comes first: a port that is taken should be known before anything takes long, and the
  // template needs the port.
  const server = await listen(options.port ?? 0, now, handler.promise);
  running.push(server);

  const kept = options.stateFile === undefined ? undefined : readState(options.stateFile);
  if (kept === undefined && options.stateFile !== undefined && existsSync(options.stateFile))
    onProgress(
      `${options.stateFile} is no state of this version: registrations, grants and keys begin anew`,
    );
  const secrets = new SecretValues(kept?.secrets, options.secrets?.());
  const read = (folder: string) =>
    loadApp(readAssembly(folder, withPort(server.port)), options.path, {
      without: new Set(options.without),
      secrets,
    });
  const synthesis = await synthesized(options);
  running.push(synthesis);
  onProgress('Reading the template');
  const { stack, others, sources, ...app } = read(synthesis.folder);

  refuseUndeliveredAlarms(stack);
  onProgress('Starting Cognito and DynamoDB');
  const given = options.users ?? [
    {
      email: 'dev@example.com',
      password: options.password ?? randomPassword(),
      emailVerified: true,
      ...(options.groups && { groups: options.groups }),
      ...(kept && { sub: kept.sub }),
    },
  ];
  // Known beforehand, so that somebody can put items of theirs into a table.
  const users = given.map((user) => ({ sub: randomUUID(), ...user }));
  // Each is kept as soon as it runs, so that it is stopped when the other does not start.
  const started = <T extends { stop(): Promise<unknown> }>(service: T): T => {
    running.push(service);
    return service;
  };
  const mayInvoke = readInvokePermissions(stack);
  const byArn = new Map<string, LambdaFunction>();
  let permits = readPermissions(stack);
  const [table, cognito] = await bothStarted(
    startTables([stack, ...others], (...request) => permits(...request), kept?.tables).then(
      started,
    ),
    startUserPool({
      stack,
      users,
      clock: now,
      ...(kept && { state: kept.cognito }),
      ...(options.onMail && { onMail: options.onMail }),
      ...(options.quotaClock && { quotaClock: options.quotaClock }),
      isMadeUp: (secret) => secrets.isMadeUp(secret),
      trigger: (arn, poolArn) =>
        trigger(
          byArn,
          arn,
          mayInvoke({ functionArn: arn, service: 'cognito-idp.amazonaws.com', sourceArn: poolArn }),
        ),
    }).then(started),
  );

  const secretsManager = started(
    await startSecretsManager({
      values: options.secrets ?? (() => ({})),
      permits: (...request) => permits(...request),
    }),
  );

  const logs: LogLine[] = [];
  const invocations: InvocationRecord[] = [];
  const log = (source: string, line: string): void => {
    remember(logs, { source, line });
    options.onLine?.({ source, line });
  };
  const logGroups: { deliver?: Deliver } = {};
  const { trail } = namesIn(stack);
  const logsApi = started(
    await startLogs(stack, {
      permits: (...request) => permits(...request),
      onLine: (logGroup, line) => {
        // What commands write stands beside the lines of the function whose log group it is.
        log(logGroup === trail ? 'audit-trail' : logGroup, line);
        logGroups.deliver?.(logGroup, line);
      },
    }),
  );
  const functionsOf = (deployed: Stack) =>
    readFunctions({
      stack: deployed,
      clock: clock.shared,
      onLine: (name, line, logGroup) => {
        log(name, line);
        logGroups.deliver?.(logGroup, line);
      },
      record: (record) => remember(invocations, record),
      routes: [
        ...cognito.hosts.map((host) => ({
          host,
          port: cognito.apiPort,
          certificateAuthority: cognito.certificateAuthority,
        })),
        ...routes,
      ],
      environment: (name, variables) => {
        const local = {
          ...withLocalAddresses(variables, cognito),
          AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
          AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.endpoint,
        };
        secretsManager.learn(variables);
        return options.environment?.(name, local) ?? local;
      },
    });
  const functions = functionsOf(stack);
  running.push(...functions.values());
  for (const [arn, lambda] of byEveryArn(stack, functions)) byArn.set(arn, lambda);
  logGroups.deliver = readSubscriptions(stack, byArn, mayInvoke);
  const schedules = readSchedules(stack, byArn, mayInvoke);
  if (options.runSchedules) running.push(startSchedules(schedules));

  const api = readRestApi(stack, byArn);
  const { region, partition } = stack.deployment;
  const firewall = readFirewall(
    stack,
    `arn:${partition}:apigateway:${region}::/restapis/${api.id}/stages/${api.stage.name}`,
  );
  const entry = readEntry(stack, api);
  const gateway = new Gateway({ api, entry, firewall, onAccess: (line) => log('access', line) });
  const atStage: RequestHandler = (request) => gateway.answer(request);
  const distribution = readDistribution(stack);
  const cdn = distribution && new Cdn(distribution, atStage);
  // Behind a distribution, this computer's names are the distribution's; the stage is where it
  // always is, at the API's own host name.
  handler.resolve(
    cdn
      ? (request) => (isLocalHost(request.header('host')) ? cdn.answer(request) : atStage(request))
      : atStage,
  );
  const prefix = cdn ? '' : entry.prefix;

  const origin = `http://localhost:${server.port}`;
  const modeWithoutCdn = prefix === '' ? 'domain' : 'stage';
  return {
    port: server.port,
    origin,
    publicUrl: `${origin}${prefix}`,
    mcpUrl: `${origin}${prefix}${endpoints.mcp.path}`,
    // As the template has it, which may be somebody else's.
    urlMode: cdn ? 'cloudfront' : modeWithoutCdn,
    stage: {
      host: `${api.id}.execute-api.${region}.${stack.deployment.urlSuffix}`,
      path: `/${api.stage.name}`,
    },
    users,
    stack,
    app,
    functions: new Map([...functions.values()].map((lambda) => [lambda.name, lambda])),
    schedules,
    invocations,
    logs,
    table,
    cognito,
    logsApi,
    clock,
    managedGroups: firewall.managedGroups,
    ...reloading({
      first: { synthesis, sources, stacks: [stack, ...others] },
      functions,
      synthesize: () => synthesized({ ...options, onProgress: () => {} }),
      read: (made) => {
        const newer = read(made);
        return {
          ...newer,
          functions: functionsOf(newer.stack),
          permits: readPermissions(newer.stack),
        };
      },
      permit: (newer) => {
        permits = newer;
      },
      running,
    }),
    saveState: async () => {
      if (options.stateFile === undefined) return;
      writeState(options.stateFile, {
        version: 1,
        sub: users[0]?.sub ?? '',
        secrets: secrets.state(),
        cognito: await cognito.state(),
        tables: await table.items(),
      });
    },
  };
};

/** Waits for both of them even when one fails: what starts later than that must be stopped, too. */
const bothStarted = async <A, B>(
  first: Promise<A>,
  second: Promise<B>,
): Promise<readonly [A, B]> => {
  await Promise.allSettled([first, second]);
  return [await first, await second];
};

/** How much of the past is kept: a computer may run for days. */
const remembered = 50_000;

const remember = <T>(past: T[], item: T): void => {
  past.push(item);
  if (past.length > remembered) past.splice(0, remembered / 2);
};

/** Good enough for Cognito's password policy, and easy to select and copy. */
const randomPassword = (): string => `Dev-${randomBytes(9).toString('base64url')}-1a`;
