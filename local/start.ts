import { readArguments, usage } from './arguments.ts';
import { describeFailure } from './failure.ts';
import { startGatehouse } from './runtime.ts';
import { welcome, welcomeJson } from './welcome.ts';

/** `npm start`. Progress goes to stderr, so that stdout holds the ready line and log lines alone. */
const main = async (): Promise<void> => {
  const { urlMode, port, json, quiet, help } = readArguments(process.argv.slice(2), process.env);
  if (help) return console.log(usage);
  // Everything dies with this process: workers are its threads, and the stand-ins keep nothing on disk.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0));
  // Whoever reads the output has gone (`npm start | head`): nobody is left to run for.
  process.stdout.on('error', () => process.exit(0));
  const password = process.env['GATEHOUSE_DEV_PASSWORD'];
  let ready = false;
  const early: string[] = [];
  const gatehouse = await startGatehouse({
    urlMode,
    port,
    ...(password && { password }),
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

main().catch((error: unknown) => {
  process.stderr.write(`${describeFailure(error)}\n`);
  process.exit(1);
});
