import { type Finding, intrinsic, isObject } from './findings.ts';
import { beyondPublishedLimits } from './limits.ts';
import { referencesToNothing } from './references.ts';
import {
  attributeOf,
  definitionOf,
  modelOf,
  type PropertyType,
  type ResourceProperties,
} from './resource-model.ts';
import type { JudgedTemplate, TemplateResource, Value } from './templates.ts';

export interface Walked {
  readonly resources: number;
  readonly properties: number;
  readonly findings: readonly Finding[];
}

/** Holds every property of every resource against AWS's published model. */
export const walk = (template: JudgedTemplate): Walked => {
  const walker = new Walker(template);
  for (const [id, resource] of Object.entries(template.resources)) walker.resource(id, resource);
  return {
    resources: Object.keys(template.resources).length,
    properties: walker.properties,
    findings: [
      ...walker.findings,
      ...referencesToNothing(template),
      ...beyondPublishedLimits(template),
    ],
  };
};

/** What an intrinsic function returns that does not depend on what it is given. */
const returned: Readonly<Record<string, PropertyType>> = {
  'Fn::Join': { type: 'string' },
  'Fn::Sub': { type: 'string' },
  'Fn::Select': { type: 'string' },
  'Fn::Base64': { type: 'string' },
  'Fn::ImportValue': { type: 'string' },
  'Fn::Split': { type: 'array', element: { type: 'string' } },
  'Fn::GetAZs': { type: 'array', element: { type: 'string' } },
  'Fn::Cidr': { type: 'array', element: { type: 'string' } },
};

class Walker {
  properties = 0;
  readonly findings: Finding[] = [];

  private readonly template: JudgedTemplate;

  constructor(template: JudgedTemplate) {
    this.template = template;
  }

  resource(id: string, { Type: type, Properties: given }: TemplateResource): void {
    // A custom resource's properties are its function's business.
    if (type.startsWith('Custom::')) {
      if (given['ServiceToken'] === undefined) this.found(id, type, 'has no ServiceToken');
      return;
    }
    const model = modelOf(type);
    if (model === undefined) this.found(id, type, 'is of no type that AWS publishes');
    else this.object(id, type, given, model.properties);
  }

  private found(at: string, type: string, message: string): void {
    this.findings.push({ configuration: this.template.configuration, type, at, message });
  }

  private object(
    at: string,
    type: string,
    given: { readonly [key: string]: Value },
    model: ResourceProperties,
  ): void {
    for (const [name, value] of Object.entries(given)) {
      if (isAbsent(value)) continue;
      this.properties += 1;
      const property = model[name];
      if (property === undefined) this.found(`${at}.${name}`, type, 'is a property of no model');
      else this.value(`${at}.${name}`, type, value, property.type);
    }
    for (const [name, { required }] of Object.entries(model))
      if (required && (given[name] === undefined || isAbsent(given[name])))
        this.found(`${at}.${name}`, type, 'is required and missing');
  }

  /** One of several types is enough; what is wrong is said of the first. */
  private value(at: string, type: string, value: Value, expected: PropertyType): void {
    const candidates = expected.type === 'union' ? expected.types : [expected];
    const fits = (candidate: PropertyType) => {
      const walker = new Walker(this.template);
      walker.single(at, type, value, candidate);
      return walker.findings.length === 0;
    };
    const [first] = candidates;
    const fitting = candidates.length > 1 ? candidates.find(fits) : undefined;
    if (first !== undefined) this.single(at, type, value, fitting ?? first);
  }

  private single(at: string, type: string, value: Value, expected: PropertyType): void {
    const call = intrinsic(value);
    if (call !== undefined) this.call(at, type, call, expected);
    else if (expected.type === 'array') this.elements(at, type, value, expected.element);
    else if (expected.type === 'map' || expected.type === 'ref' || expected.type === 'tag')
      this.members(at, type, value, expected);
    else this.scalar(at, type, value, expected);
  }

  private elements(at: string, type: string, value: Value, element: PropertyType): void {
    if (!Array.isArray(value)) this.found(at, type, `is no list: ${JSON.stringify(value)}`);
    else
      for (const [index, each] of value.entries())
        this.value(`${at}.${index}`, type, each, element);
  }

  private members(at: string, type: string, value: Value, expected: PropertyType): void {
    if (!isObject(value)) this.found(at, type, `is no object: ${JSON.stringify(value)}`);
    else if (expected.type === 'ref')
      this.object(at, type, value, definitionOf(expected.reference));
    else if (expected.type === 'tag') this.object(at, type, value, tag);
    else if (expected.type === 'map')
      for (const [key, each] of Object.entries(value))
        this.value(`${at}.${key}`, type, each, expected.element);
  }

  private scalar(at: string, type: string, value: Value, expected: PropertyType): void {
    if (!isOfType(value, expected.type)) {
      this.found(at, type, `is no ${expected.type}: ${JSON.stringify(value)}`);
      return;
    }
    const allowed: readonly unknown[] | undefined =
      expected.type === 'string' || expected.type === 'integer'
        ? expected.allowedValues
        : undefined;
    if (allowed !== undefined && !allowed.includes(value))
      this.found(at, type, `is none of ${allowed.join(', ')}: ${JSON.stringify(value)}`);
  }

  /** An intrinsic function stands for what it returns. */
  private call(
    at: string,
    type: string,
    { name, argument }: { readonly name: string; readonly argument: Value },
    expected: PropertyType,
  ): void {
    if (name === 'Fn::If' && Array.isArray(argument)) {
      for (const branch of argument.slice(1)) this.value(at, type, branch, expected);
      return;
    }
    const actual = this.typeOf(name, argument);
    if (actual === undefined) return;
    const list = actual.type === 'array';
    const takes = expected.type;
    if (takes === 'json' || (list && takes === 'array')) return;
    // CloudFormation turns the text of a figure or a truth into what it says.
    if (!list && !['array', 'map', 'ref', 'tag'].includes(takes)) return;
    this.found(at, type, `${name} returns a ${actual.type}, and this takes: ${takes}`);
  }

  private typeOf(name: string, argument: Value): PropertyType | undefined {
    if (name === 'Ref')
      return argument === 'AWS::NotificationARNs'
        ? { type: 'array', element: { type: 'string' } }
        : { type: 'string' };
    if (name !== 'Fn::GetAtt') return returned[name];
    const [id, attribute] = Array.isArray(argument) ? argument.map(String) : [];
    return attributeOf(this.template.resources[id ?? '']?.Type ?? '', attribute ?? '')?.type;
  }
}

const tag: ResourceProperties = {
  Key: { type: { type: 'string' }, required: true },
  Value: { type: { type: 'string' }, required: true },
};

const isAbsent = (value: Value): boolean => isObject(value) && value['Ref'] === 'AWS::NoValue';

const isOfType = (value: Value, type: PropertyType['type']): boolean => {
  if (type === 'json') return isObject(value) || Array.isArray(value) || typeof value === 'string';
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'date-time') return typeof value === 'string';
  return typeof value === type;
};
