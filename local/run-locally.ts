import { type Command, readArguments, usage } from './arguments.ts';
import { namesIn } from './emulated-services.ts';
import { describeFailure } from './failure.ts';
import type { Gatehouse } from './gatehouse.ts';
import { logFiles, logFolder } from './logs/log-files.ts';
import { showChanges } from './reload/show-changes.ts';
import { startGatehouse } from './runtime.ts';
import { readSecretValues } from './secrets-manager/env-file.ts';
import { announceRunning } from './state/running-file.ts';
import { forgetState, stateFile } from './state/state-file.ts';
import { readCdkApp } from './synthesis/cdk-app.ts';
import { contextConfiguration, describeConfiguration } from './synthesis/chosen-configuration.ts';
import { repository } from './synthesis/synthesize.ts';
import { welcome, welcomeJson } from './welcome.ts';

/**
 * Runs until it is interrupted. Progress goes to stderr, so that stdout holds the ready line and
 * log lines alone.
 */
export const runLocally = async (command: Command, argv: readonly string[]): Promise<void> => {
  try {
    await start(command, argv);
  } catch (error) {
    process.stderr.write(`${describeFailure(error)}\n`);
    process.exit(1);
  }
};

/** How much of the past a process loses that is ended without a signal. */
const saveMilliseconds = 10_000;

const warn = (error: unknown): void => {
  process.stderr.write(`The state could not be kept: ${describeFailure(error)}\n`);
};

const shellMilliseconds = 250;

/**
 * `kill` of an `npm start` reaches npm, which passes it to the shell that it runs a script by, and
 * no further: this process would stay, and its port with it.
 */
const whenShellEnds = (end: () => void): void => {
  // Started by anybody else, it may well outlive them (`nohup`).
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const shell = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    end();
  }, shellMilliseconds).unref();
};

/** Lets commands in the folder of the app find it. @returns takes it back */
export const announce = (
  folder: string,
  { port, mcpUrl, stack, table, cognito, logsApi }: Gatehouse,
) => {
  const names = namesIn(stack);
  return announceRunning(folder, {
    version: 3,
    processId: process.pid,
    port,
    mcpUrl,
    region: stack.deployment.region,
    userPool: names.userPool,
    table: names.table,
    trail: names.trail,
    subjects: names.subjects,
    dynamodb: table.endpoint,
    logs: logsApi.endpoint,
    cognito: {
      url: `https://localhost:${cognito.apiPort}`,
      certificateAuthority: cognito.certificateAuthority,
    },
  });
};

const start = async (command: Command, argv: readonly string[]): Promise<void> => {
  const { urlMode, port, path, context, without, groups, fresh, json, quiet, help } = readArguments(
    command,
    argv,
    process.env,
  );
  if (help) return console.log(usage(command));
  // Workers are threads of this process and die with it; what lies on the disk (a lock, a synthesis
  // that is under way) is removed on `exit`, so every signal has to end in one.
  const stop = { saving: async (): Promise<void> => {} };
  const end = (): void => {
    stop
      .saving()
      .catch(warn)
      .finally(() => process.exit(0));
    // Whoever is asked twice does not save.
    stop.saving = async () => {};
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  whenShellEnds(end);
  // Whoever reads the output has gone (`npm start | head`): nobody is left to run for.
  process.stdout.on('error', () => process.exit(0));
  const password = process.env['GATEHOUSE_DEV_PASSWORD'];
  let ready = false;
  const early: string[] = [];
  const folder = command.app ?? repository;
  const chosen = { ...readCdkApp(folder).context, ...context };
  const configuration = describeConfiguration(folder, chosen);
  const kept = port === 0 ? undefined : stateFile({ folder, urlMode, port, path });
  if (kept !== undefined && fresh) forgetState(kept);
  const logs = logFolder({ folder, urlMode, port, path });
  const keepLine = logFiles(logs);
  const gatehouse = await startGatehouse({
    urlMode,
    port,
    without,
    ...(groups !== undefined && { groups }),
    ...(kept !== undefined && { stateFile: kept }),
    ...(command.app === undefined
      ? { context, configuration: contextConfiguration(chosen) }
      : { app: { folder: command.app, context } }),
    ...(path !== undefined && { path }),
    ...(password && { password }),
    secrets: () => readSecretValues(process.cwd()),
    quotaClock: Date.now,
    runSchedules: true,
    onProgress: (step) => {
      if (!quiet && !json) process.stderr.write(`${step} …\n`);
    },
    // Whatever --quiet keeps back: without it nobody whom somebody invites gets in.
    onMail: (mail) => process.stdout.write(`${JSON.stringify({ mail })}\n`),
    onLine: ({ source, line }) => {
      keepLine({ source, line });
      if (quiet || source === 'access') return;
      if (ready) process.stdout.write(`${line}\n`);
      else early.push(line);
    },
  });
  ready = true;
  process.on('exit', announce(folder, gatehouse));
  stop.saving = gatehouse.saveState;
  // For a process that is ended without a signal, too.
  setInterval(() => void gatehouse.saveState().catch(warn), saveMilliseconds).unref();
  process.stdout.write(
    `${json ? welcomeJson(gatehouse, configuration, logs) : welcome(gatehouse, configuration, logs)}\n`,
  );
  for (const line of early) process.stdout.write(`${line}\n`);
  showChanges(gatehouse, process.cwd(), (text) => {
    if (!quiet) process.stderr.write(`${text}\n`);
  });
};
