import { StartupFailure } from '../failure.ts';

/** `$context` of a request, as nested values: `{ identity: { sourceIp: '127.0.0.1' } }`. */
export interface ContextVariables {
  readonly [name: string]: string | number | boolean | undefined | ContextVariables;
}

export type RenderTemplate = (context: ContextVariables) => string;

/** Reads `identity.sourceIp` from nested values. */
export const contextVariable = (context: ContextVariables, path: string): string | undefined => {
  let value: ContextVariables[string] = context;
  for (const name of path.split('.'))
    value = typeof value === 'object' && Object.hasOwn(value, name) ? value[name] : undefined;
  return value === undefined || typeof value === 'object' ? undefined : String(value);
};

/**
 * Templates of gateway responses and access logs: text with `$context.…`, no Velocity (API Gateway
 * developer guide, "Gateway response types"). Values go in as they are, unescaped: what can hold a
 * quote must not stand in a JSON template.
 * @param missing - what stands for a variable without a value.
 */
export const compileTemplate = (template: string, where: string, missing = ''): RenderTemplate => {
  const unknown = template
    .replaceAll(/\$context\.[\w.]+/g, '')
    .match(/\$\S+|#(set|if|foreach|else|end)\b/)?.[0];
  if (unknown !== undefined)
    throw new StartupFailure(
      `${where} uses ${unknown}; the local runtime renders only $context variables (local/gateway/mapping.ts).`,
    );
  return (context) =>
    template.replaceAll(/\$context\.([\w.]+)/g, (_, path: string) => {
      // A full stop after a variable is the sentence's.
      const name = path.replace(/\.+$/, '');
      return (contextVariable(context, name) ?? missing) + path.slice(name.length);
    });
};
