import { parseArgs } from 'node:util';
import * as z from 'zod';
import { messageOf, StartupFailure } from './failure.ts';
import type { UrlMode } from './synthesis/cdk-app.ts';

export interface Arguments {
  readonly urlMode: UrlMode;
  readonly port: number;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly help: boolean;
}

export const usage = `npm start -- [options]

Plays the synthesized stack on this computer: API Gateway, WAF, Lambda, Cognito and DynamoDB.

  --url-mode domain|stage|cloudfront   how the deployment is reached (default: domain)
  --port <number>                      where it listens, on 127.0.0.1 and [::1] (default: PORT, else 3000)
  --json                               prints one line of JSON when it is ready, for programs
  --quiet                              prints neither progress nor the functions' log lines
  --help

  GATEHOUSE_DEV_PASSWORD               the demo user's password (default: a random one, printed)`;

const port = z.coerce.number().int().min(0).max(65_535);

/** @throws StartupFailure naming the argument. */
export const readArguments = (argv: readonly string[], environment: Readonly<Record<string, string | undefined>>): Arguments => {
  const { values } = parse(argv);
  const urlMode = z.enum(['domain', 'stage', 'cloudfront']).safeParse(values['url-mode'] ?? 'domain');
  if (!urlMode.success) throw new StartupFailure(`--url-mode is ${values['url-mode']}: take domain, stage or cloudfront.`);
  const given = values.port ?? environment['PORT'] ?? '3000';
  const wanted = port.safeParse(given);
  if (!wanted.success || given === '')
    throw new StartupFailure(`${values.port === undefined ? 'PORT' : '--port'} is "${given}": take a number from 0 to 65535.`);
  return { urlMode: urlMode.data, port: wanted.data, json: values.json, quiet: values.quiet, help: values.help };
};

const parse = (argv: readonly string[]) => {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        'url-mode': { type: 'string' },
        port: { type: 'string' },
        json: { type: 'boolean', default: false },
        quiet: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new StartupFailure(`${messageOf(error)} (see npm start -- --help)`);
  }
};
