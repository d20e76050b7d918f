import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type {
  Attribute,
  PropertyType,
  Resource,
  ResourceProperties,
} from '@aws-cdk/service-spec-types';

const database = loadAwsServiceSpecSync();

/** AWS's published model of a resource type. */
export const modelOf = (type: string): Resource | undefined =>
  database.lookup('resource', 'cloudFormationType', 'equals', type)[0];

export const attributeOf = (type: string, name: string): Attribute | undefined => {
  const model = modelOf(type);
  return model?.attributes[name] ?? model?.properties[name];
};

/** The properties of a type that another one refers to. */
export const definitionOf = (reference: { readonly $ref: string }): ResourceProperties =>
  database.get('typeDefinition', reference).properties;

export type { PropertyType, ResourceProperties };
