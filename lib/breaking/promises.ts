import {
  CfnUserPool,
  CfnUserPoolClient,
  CfnUserPoolDomain,
  CfnUserPoolIdentityProvider,
  CfnUserPoolResourceServer,
} from 'aws-cdk-lib/aws-cognito';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { type CfnElement, Stack } from 'aws-cdk-lib/core';
import type { Construct, IConstruct } from 'constructs';
import * as z from 'zod';
import { textOf } from './text-of.ts';

const named = z.record(z.string(), z.string());

/**
 * What people and clients rely on, as a template says it. A value that only the deployment knows
 * stands as the name of the resource that has it: another name is another resource.
 */
export const promises = z.strictObject({
  url: z.string(),
  issuer: z.string(),
  userPool: z.string(),
  /** Name of an attribute -> its definition. */
  userAttributes: named,
  loginDomain: z.string(),
  resourceServer: z.string(),
  scopes: z.array(z.string()),
  /** Name of an app client, a machine's too -> its resource, and what would replace it. */
  clients: named,
  /**
   * By which people log in: `COGNITO` where they have passwords here. Older templates do not say.
   */
  providers: z.array(z.string()).default([]),
  table: z.string(),
});

export type Promises = z.infer<typeof promises>;

interface Parts {
  readonly url: { readonly resource: string; readonly issuer: string };
  readonly identity: Construct & {
    readonly userPool: { readonly userPoolId: string };
    readonly domainUrl: string;
  };
  readonly state: Construct;
}

/** Reads them when the template is written, so that what was changed by an aspect counts, too. */
export const promisesOf = ({ url, identity, state }: Parts): Promises => {
  const stack = Stack.of(identity);
  const text = (value: unknown): string => textOf(stack.resolve(value));
  const idOf = (element: CfnElement): string => text(element.logicalId);
  const clients = all(identity, isAppClient);
  // A team may register one anywhere in its app.
  const providerNames = new Map(
    all(stack, isProvider).map((each) => [`<${idOf(each)}>`, text(each.providerName)]),
  );
  const providersOf = ({ supportedIdentityProviders: names }: CfnUserPoolClient) =>
    z
      .array(z.unknown())
      .parse(stack.resolve(names) ?? [])
      .map(textOf)
      .map((name) => providerNames.get(name) ?? name);
  const servers = all(identity, isResourceServer);
  return {
    url: text(url.resource),
    issuer: text(url.issuer),
    userPool: [
      text(identity.userPool.userPoolId),
      // Each replaces the pool.
      ...all(identity, isUserPool).map((pool) =>
        text([pool.usernameAttributes, pool.aliasAttributes]),
      ),
    ].join(' '),
    userAttributes: Object.fromEntries(
      all(identity, isUserPool)
        .flatMap((pool) => attributesIn.parse(stack.resolve(pool.schema) ?? []))
        .map(({ name, ...definition }) => [name, text(sorted(definition))]),
    ),
    loginDomain: all(identity, isDomain).map(idOf).join(' ') || text(identity.domainUrl),
    resourceServer: servers.map((server) => `${idOf(server)} ${text(server.identifier)}`).join(' '),
    scopes: servers
      .flatMap((server) => scopesIn.parse(stack.resolve(server.scopes) ?? []))
      .map(({ scopeName }) => scopeName)
      .sort(),
    clients: Object.fromEntries(
      clients.map((client) => [
        text(client.clientName ?? client.node.id),
        `${idOf(client)} ${text(client.generateSecret)}`,
      ]),
    ),
    providers: [...new Set(clients.flatMap((client) => providersOf(client)))].sort(),
    table: all(state, isTable)
      .map((table) => `${idOf(table)} ${text([table.tableName, table.keySchema])}`)
      .join(' '),
  };
};

const attributesIn = z.array(z.looseObject({ name: z.string() }));
const scopesIn = z.array(z.looseObject({ scopeName: z.string() }));

const all = <T extends IConstruct>(
  scope: Construct,
  is: (construct: IConstruct) => construct is T,
): readonly T[] => scope.node.findAll().filter(is);

const isUserPool = (each: IConstruct): each is CfnUserPool => each instanceof CfnUserPool;
const isAppClient = (each: IConstruct): each is CfnUserPoolClient =>
  each instanceof CfnUserPoolClient;
const isDomain = (each: IConstruct): each is CfnUserPoolDomain => each instanceof CfnUserPoolDomain;
const isProvider = (each: IConstruct): each is CfnUserPoolIdentityProvider =>
  each instanceof CfnUserPoolIdentityProvider;
const isResourceServer = (each: IConstruct): each is CfnUserPoolResourceServer =>
  each instanceof CfnUserPoolResourceServer;
const isTable = (each: IConstruct): each is CfnTable => each instanceof CfnTable;

/** The order in which somebody wrote a definition says nothing. */
const sorted = (definition: object): object =>
  Object.fromEntries(Object.entries(definition).sort(([one], [other]) => (one < other ? -1 : 1)));
