import type { Cognito } from './cognito/cognito.ts';
import type { Mail } from './cognito/mail.ts';
import type { Dynamodb } from './dynamodb/dynamodb.ts';
import type { Clock } from './lambda/clock.ts';
import type { InvocationRecord, LambdaFunction } from './lambda/function.ts';
import type { Route } from './lambda/messages.ts';
import type { Schedule } from './lambda/schedules.ts';
import type { LogsApi } from './logs/logs-api.ts';
import type { ReloadResult } from './reload/reload.ts';
import type { SecretValues } from './secrets-manager/secrets-manager.ts';
import type { Context, UrlMode } from './synthesis/cdk-app.ts';
import type { App } from './template/app.ts';
import type { Stack } from './template/stack.ts';

export interface GatehouseUser {
  readonly email: string;
  readonly password: string;
  readonly sub?: string;
  /** As an administrator sets it when making the user. @default false */
  readonly emailVerified?: boolean;
  /** Groups of the user pool. @default none */
  readonly groups?: readonly string[];
  /** Further attributes of the pool, such as those that a provider fills. @default none */
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface LogLine {
  /** The function's name, or `access` for the API's access log. */
  readonly source: string;
  readonly line: string;
}

export interface GatehouseOptions {
  /** @default 'domain' */
  readonly urlMode?: UrlMode;
  /** @default 0: a free port */
  readonly port?: number;
  /** More of the stack's configuration (lib/configuration.ts). */
  readonly configuration?: Readonly<Record<string, unknown>>;
  /**
   * Runs a CDK app instead of this repository's: the folder of its cdk.json, and context that goes
   * over what stands there.
   */
  readonly app?: { readonly folder: string; readonly context: Context };
  /**
   * Runs what was synthesized already, with the context of `localContext` (synthesis/cdk-app.ts).
   */
  readonly assembly?: string;
  /** Logical ids of resources that are left out on purpose. */
  readonly without?: readonly string[];
  /** CDK context for this repository's stack, over that of cdk.json. */
  readonly context?: Context;
  /** Path of the construct, where the app has several. */
  readonly path?: string;
  /** @default one, dev@example.com, with `password` */
  readonly users?: readonly GatehouseUser[];
  /** Applies Cognito's request quotas by this clock. @default none, so that no test depends on the machine's speed */
  readonly quotaClock?: () => number;
  /**
   * Fires the schedules as their time comes. @default false: a test that takes longer than a
   * schedule waits would meet it, and whether it does would depend on the machine's speed
   */
  readonly runSchedules?: boolean;
  /**
   * Where registrations, grants and keys are kept between two starts. What stands there is read at
   * the start; `saveState` writes it. @default nowhere
   */
  readonly stateFile?: string;
  /** Of the default user. @default a random one */
  readonly password?: string;
  /** Of the default user. @default none */
  readonly groups?: readonly string[];
  /** Last word on a function's environment; a variable that is undefined is left out. */
  readonly environment?: (
    functionName: string,
    variables: Readonly<Record<string, string>>,
  ) => Readonly<Record<string, string | undefined>>;
  /** Hosts that the functions reach on this computer instead of on the internet. */
  readonly routes?: readonly Route[];
  /** Values of the tools' secrets, by their names; asked each time. @default none */
  readonly secrets?: () => SecretValues;
  /** Is given the mail that Cognito would send. */
  readonly onMail?: (mail: Mail) => void;
  readonly onLine?: (line: LogLine) => void;
  readonly onProgress?: (step: string) => void;
}

/** A Gatehouse on this computer, with everything that a test may want to look at or break. */
export interface Gatehouse {
  readonly port: number;
  /** `http://localhost:{port}` */
  readonly origin: string;
  /** The issuer: the origin, with the stage where the URL mode has it. */
  readonly publicUrl: string;
  readonly mcpUrl: string;
  readonly urlMode: UrlMode;
  /**
   * The stage's own address, for whoever wants to go past what stands in front of it: sent as
   * `Host` to the same port.
   */
  readonly stage: { readonly host: string; readonly path: string };
  readonly users: readonly (GatehouseUser & { readonly sub: string })[];
  readonly stack: Stack;
  /** What of the app is emulated, and what is not. */
  readonly app: Pick<App, 'gatehouse' | 'leftOut' | 'missingTables'>;
  /** By the name of their folder under lambdas/. */
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  /** What calls functions now and then, for a test that does not wait. */
  readonly schedules: readonly Schedule[];
  /** Every invocation so far; empty it to count anew. */
  readonly invocations: InvocationRecord[];
  /** Every line that functions and access log have written; empty it likewise. */
  readonly logs: LogLine[];
  readonly table: Dynamodb;
  readonly cognito: Cognito;
  /** CloudWatch Logs, for commands that write into a log group. */
  readonly logsApi: LogsApi;
  /** Of everything: limits, functions, Cognito. */
  readonly clock: Omit<Clock, 'shared'>;
  /** AWS's managed groups in the web ACL, which are emulated approximately. */
  readonly managedGroups: readonly string[];
  /** The folders of the definitions, and of what they import of the team's own. */
  sources(): readonly string[];
  /**
   * Synthesizes anew and lets the functions run what comes out; logins and tables stay.
   * @throws StartupFailure that says why the build refuses; what ran before still runs
   */
  reload(): Promise<ReloadResult>;
  /** Writes `stateFile`, if there is one. */
  saveState(): Promise<void>;
  stop(): Promise<void>;
}
