import { type Command, readArguments, usage } from './arguments.ts';
import { describeFailure } from './failure.ts';
import { startGatehouse } from './runtime.ts';
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

const start = async (command: Command, argv: readonly string[]): Promise<void> => {
  const { urlMode, port, path, context, json, quiet, help } = readArguments(
    command,
    argv,
    process.env,
  );
  if (help) return console.log(usage(command));
  // Everything dies with this process: workers are its threads, and the emulated services keep nothing on
  // disk.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0));
  // Whoever reads the output has gone (`npm start | head`): nobody is left to run for.
  process.stdout.on('error', () => process.exit(0));
  const password = process.env['GATEHOUSE_DEV_PASSWORD'];
  let ready = false;
  const early: string[] = [];
  const gatehouse = await startGatehouse({
    urlMode,
    port,
    ...(command.app !== undefined && { app: { folder: command.app, context } }),
    ...(path !== undefined && { path }),
    ...(password && { password }),
    quotaClock: Date.now,
    onProgress: (step) => {
      if (!quiet && !json) process.stderr.write(`${step} …\n`);
    },
    onLine: ({ source, line }) => {
      if (quiet || source === 'access') return;
      if (ready) process.stdout.write(`${line}\n`);
      else early.push(line);
    },
  });
  ready = true;
  process.stdout.write(`${json ? welcomeJson(gatehouse) : welcome(gatehouse)}\n`);
  for (const line of early) process.stdout.write(`${line}\n`);
};
