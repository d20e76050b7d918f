import * as z from 'zod';
import { StartupFailure } from '../failure.ts';
import type { Assembly } from './assembly.ts';
import { refuseUnknown } from './check.ts';
import { type Deployment, identifiersFor, laptopDeployment, pseudoParametersOf } from './identifiers.ts';
import { Resolver } from './intrinsics.ts';
import { SecretValues } from './secrets.ts';
import type { ResolvedResource } from './template.ts';

/** The stack as if it were deployed: every resource with its properties resolved, and the ids it would have. */
export interface Stack {
  readonly deployment: Deployment;
  /** The resources of a type, in the template's order; those whose condition does not hold are left out. */
  readonly resources: (type: string) => readonly ResolvedResource[];
  /** What `Ref` of a resource gives. */
  readonly ref: (logicalId: string) => string;
  readonly attribute: (logicalId: string, name: string) => string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly assetFolder: Assembly['assetFolder'];
}

/** Parses one resource's properties; a property or value that the schema does not know is refused, named with its place. */
export const propertiesOf = <T>(schema: z.ZodType<T>, resource: ResolvedResource): T => {
  const result = schema.safeParse(resource.properties);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `  ${path.map(String).join('.') || '(properties)'}: ${message}`);
  throw new StartupFailure(`The laptop runtime can't play ${resource.logicalId} (${resource.type}):\n${problems.join('\n')}`);
};

/** @throws StartupFailure naming what the laptop runtime does not know. */
export const loadStack = (assembly: Assembly, deployment: Deployment = { ...laptopDeployment, stackName: assembly.stackName }): Stack => {
  const { template } = assembly;
  refuseUnknown(template);
  const secrets = new SecretValues();
  const underWay = new Set<string>();
  const identifiers = identifiersFor({
    deployment,
    typeOf: (logicalId) => template.Resources[logicalId]?.Type ?? 'nothing',
    property: (logicalId, name) => {
      const value = template.Resources[logicalId]?.Properties[name];
      const place = `${logicalId}.${name}`;
      if (value === undefined) return undefined;
      if (underWay.has(place)) throw new StartupFailure(`${place} refers to itself, directly or through other resources.`);
      underWay.add(place);
      const text = resolver.text(value, place);
      underWay.delete(place);
      return text;
    },
  });
  const resolver = new Resolver({
    template,
    identifiers,
    pseudoParameters: pseudoParametersOf(deployment),
    dynamicReference: (reference) => secrets.resolve(reference),
  });
  const resources = Object.entries(template.Resources)
    .filter(([logicalId, { Condition }]) => Condition === undefined || resolver.condition(Condition, logicalId))
    .map(([logicalId, { Type, Properties }]) => ({ logicalId, type: Type, properties: Properties }));
  const resolved = new Map<string, readonly ResolvedResource[]>();
  const propertiesSchema = z.record(z.string(), z.unknown());
  return {
    deployment,
    assetFolder: assembly.assetFolder,
    ref: identifiers.ref,
    attribute: identifiers.attribute,
    resources: (type) => {
      const known = resolved.get(type);
      if (known) return known;
      const made = resources
        .filter((resource) => resource.type === type)
        .map((resource) => ({
          ...resource,
          properties: propertiesSchema.parse(resolver.resolve(resource.properties, resource.logicalId)),
        }));
      resolved.set(type, made);
      return made;
    },
    outputs: Object.fromEntries(
      Object.entries(template.Outputs).map(([name, { Value }]) => [name, resolver.text(Value, `Outputs.${name}`)]),
    ),
  };
};
