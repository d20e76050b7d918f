import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { isIP, type LookupFunction } from 'node:net';
import tls, { type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { Route } from './messages.ts';

const loopback = '127.0.0.1';

/** Answers a lookup with the loopback address, in the form that the caller asked for. */
const answerLoopback = (all: boolean | undefined, done: Parameters<LookupFunction>[2]): void => {
  if (all) done(null, [{ address: loopback, family: 4 }]);
  else done(null, loopback, 4);
};

/**
 * A caller's own lookup (a guard against private addresses, say) still runs on what DNS says; only
 * its outcome is replaced.
 */
const lookupThenLoopback =
  (guard: LookupFunction | undefined): LookupFunction =>
  (hostname, options, done) => {
    if (guard === undefined) return answerLoopback(options.all, done);
    guard(hostname, options, (error, address, family) =>
      error ? done(error, address, family) : answerLoopback(options.all, done),
    );
  };

const redirected = (options: ConnectionOptions, route: Route): ConnectionOptions => ({
  ...options,
  servername: route.host,
  host: isIP(options.host ?? '') === 0 ? (options.host ?? route.host) : loopback,
  port: route.port,
  ca: [route.certificateAuthority],
  lookup: lookupThenLoopback(options.lookup),
});

/**
 * Sends TLS connections for the given hosts to 127.0.0.1, from outside the bundle: deployed code
 * has no switch. One patch serves `https.request` and `fetch`, because both open their connections
 * with `tls.connect`.
 */
export const routeHosts = (routes: readonly Route[]): void => {
  const byHost = new Map(routes.map((route) => [route.host, route]));
  const connect = tls.connect;
  const routedConnect = (options: unknown, ...rest: unknown[]): TLSSocket => {
    const given: ConnectionOptions | undefined =
      typeof options === 'object' && options !== null ? options : undefined;
    const route = byHost.get(given?.servername || (given?.host ?? ''));
    if (given === undefined || route === undefined || given.socket !== undefined)
      return Reflect.apply(connect, tls, [options, ...rest]);
    return Reflect.apply(connect, tls, [redirected(given, route), ...rest]);
  };
  Object.assign(tls, { connect: routedConnect });
  answerNames(
    new Map(
      routes.flatMap(({ host, address }) =>
        address === undefined ? [] : [[host, address] as const],
      ),
    ),
  );
  syncBuiltinESMExports();
};

/** Makes DNS answer for the hosts that name an address. */
const answerNames = (addresses: ReadonlyMap<string, string>): void => {
  if (addresses.size === 0) return;
  const { lookup } = dns;
  const { lookup: lookupPromise } = dns.promises;
  const response = (hostname: unknown) => {
    const address = typeof hostname === 'string' ? addresses.get(hostname) : undefined;
    return address === undefined ? undefined : { address, family: isIP(address) };
  };
  const wantsAll = (options: unknown): boolean =>
    typeof options === 'object' && options !== null && 'all' in options && options.all === true;
  Object.assign(dns, {
    lookup: (hostname: unknown, ...rest: unknown[]) => {
      const found = response(hostname);
      const done = rest.at(-1);
      if (found === undefined || typeof done !== 'function')
        return Reflect.apply(lookup, dns, [hostname, ...rest]);
      process.nextTick(() =>
        wantsAll(rest[0]) ? done(null, [found]) : done(null, found.address, found.family),
      );
      return {};
    },
  });
  Object.assign(dns.promises, {
    lookup: async (hostname: unknown, options: unknown) => {
      const found = response(hostname);
      if (found === undefined)
        return Reflect.apply(lookupPromise, dns.promises, [hostname, options]);
      return wantsAll(options) ? [found] : found;
    },
  });
};
