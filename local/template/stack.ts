import * as z from 'zod';
import { StartupFailure } from '../failure.ts';
import type { AssemblyStack } from './assembly.ts';
import { refuseUnknown } from './check.ts';
import { type Deployment, pseudoParametersOf } from './deployment.ts';
import { identifiersFor } from './identifiers.ts';
import { type OtherStacks, Resolver } from './intrinsics.ts';
import { SecretValues } from './secrets.ts';
import type { ResolvedResource, Template } from './template.ts';

export type { OtherStacks } from './intrinsics.ts';

/**
 * The stack as if it were deployed: every resource with its properties resolved, and the ids it
 * would have.
 */
export interface Stack {
  readonly deployment: Deployment;
  /**
   * The resources of a type, in the template's order; those whose condition does not hold are left
   * out.
   */
  readonly resources: (type: string) => readonly ResolvedResource[];
  /** As it was synthesized, before anything is resolved. */
  readonly template: Template;
  /** What `Ref` of a resource gives. */
  readonly ref: (logicalId: string) => string;
  readonly attribute: (logicalId: string, name: string) => string;
  /** Undefined when the template has no such output. */
  readonly output: (name: string) => string | undefined;
  readonly assetFolder: AssemblyStack['assetFolder'];
}

/** What a stack is made of. */
export interface StackSource {
  readonly deployment: Deployment;
  readonly template: Template;
  readonly assetFolder: AssemblyStack['assetFolder'];
  /** What led to a resource that the local runtime would not emulate for its own sake. */
  readonly ledToBy?: (logicalId: string) => string | undefined;
  /** Where values of other stacks come from. @default there is no other */
  readonly others?: OtherStacks;
  /** Left out on purpose: nobody emulates it, and its values are names that lead nowhere. */
  readonly without?: ReadonlySet<string>;
  /** Values of secrets. @default new ones */
  readonly secrets?: SecretValues;
}

/**
 * Parses one resource's properties; a property or value that the schema does not know is refused,
 * named with its place.
 */
export const propertiesOf = <T>(schema: z.ZodType<T>, resource: ResolvedResource): T => {
  const result = schema.safeParse(resource.properties);
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    ({ path, message }) => `  ${path.map(String).join('.') || '(properties)'}: ${message}`,
  );
  throw new StartupFailure(
    `The local runtime can't emulate ${resource.logicalId} (${resource.type}):\n${problems.join('\n')}`,
  );
};

/** @throws StartupFailure naming what the local runtime does not know. */
export const loadStack = ({
  deployment,
  template,
  assetFolder,
  ledToBy,
  others,
  without = new Set(),
  secrets = new SecretValues(),
}: StackSource): Stack => {
  refuseUnknown(template, without, ledToBy);
  const underWay = new Set<string>();
  const identifiers = identifiersFor({
    deployment,
    without,
    typeOf: (logicalId) => template.Resources[logicalId]?.Type ?? 'nothing',
    property: (logicalId, name) => {
      const value = template.Resources[logicalId]?.Properties[name];
      const place = `${logicalId}.${name}`;
      if (value === undefined) return undefined;
      if (underWay.has(place))
        throw new StartupFailure(`${place} refers to itself, directly or through other resources.`);
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
    ...(others && { others }),
  });
  const resources = Object.entries(template.Resources)
    .filter(
      ([logicalId, { Condition }]) =>
        !without.has(logicalId) &&
        (Condition === undefined || resolver.condition(Condition, logicalId)),
    )
    .map(([logicalId, { Type, Properties }]) => ({
      logicalId,
      type: Type,
      properties: Properties,
    }));
  const resolved = new Map<string, readonly ResolvedResource[]>();
  const propertiesSchema = z.record(z.string(), z.unknown());
  return {
    deployment,
    template,
    assetFolder,
    ref: identifiers.ref,
    attribute: identifiers.attribute,
    resources: (type) => {
      const known = resolved.get(type);
      if (known) return known;
      const made = resources
        .filter((resource) => resource.type === type)
        .map((resource) => ({
          ...resource,
          properties: propertiesSchema.parse(
            resolver.resolve(resource.properties, resource.logicalId),
          ),
        }));
      resolved.set(type, made);
      return made;
    },
    output: (name) => {
      const output = Object.hasOwn(template.Outputs, name) ? template.Outputs[name] : undefined;
      return output && resolver.text(output.Value, `Outputs.${name}`);
    },
  };
};
