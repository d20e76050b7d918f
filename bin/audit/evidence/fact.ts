import { functionNames, isHttpFunction } from '../../../policy/functions.ts';
import {
  functionsOf,
  isRecord,
  ofType,
  type Properties,
  type Resources,
  recordIn,
} from '../resources.ts';

/** Something in the template that shows a control, or that it does not hold. */
export interface Fact {
  /** Logical id. */
  readonly resource: string;
  readonly property: string;
  readonly value: string;
  readonly holds: boolean;
}

export type Evidence = (resources: Resources) => readonly Fact[];

const shownCharacters = 300;

export const shown = (value: unknown): string =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'absent')).slice(
    0,
    shownCharacters,
  );

export const fact = (resource: string, property: string, value: unknown, holds: boolean): Fact => ({
  resource,
  property,
  value: shown(value),
  holds,
});

/** A template without what a control needs has lost the control. */
export const orAbsent = (what: string, facts: readonly Fact[]): readonly Fact[] =>
  facts.length > 0 ? facts : [fact('(none)', what, 'absent', false)];

export const every =
  (...all: readonly Evidence[]): Evidence =>
  (resources) =>
    all.flatMap((evidence) => evidence(resources));

export const valueAt = (properties: Properties, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), properties);

type Holds = (value: unknown, properties: Properties) => boolean;
type IsMeant = (properties: Properties) => boolean;

/** One fact for each resource of a type, where there are any. */
export const eachOf =
  (type: string, property: string, holds: Holds, isMeant: IsMeant = () => true): Evidence =>
  (resources) =>
    ofType(resources, type)
      .filter(([, properties]) => isMeant(properties))
      .map(([id, properties]) => {
        const value = valueAt(properties, property);
        return fact(id, property, value, holds(value, properties));
      });

/** One fact for each resource of a type, of which there is one at least. */
export const each =
  (type: string, property: string, holds: Holds, isMeant?: IsMeant): Evidence =>
  (resources) =>
    orAbsent(`${type}.${property}`, eachOf(type, property, holds, isMeant)(resources));

/** What only Cognito or CloudFormation calls reads other variables. */
const httpFunctions: ReadonlySet<string> = new Set(functionNames.filter(isHttpFunction));

export const variablesOf = (properties: Properties): Properties =>
  recordIn(recordIn(properties, 'Environment'), 'Variables');

/** One fact for each function that answers requests and has the variable. */
export const variable =
  (
    name: string,
    holds: (value: unknown, resources: Resources, all: Properties) => boolean,
    functions?: readonly string[],
  ): Evidence =>
  (resources) =>
    orAbsent(
      `functions with ${name}`,
      functionsOf(resources)
        .filter(([of]) => httpFunctions.has(of) && (functions?.includes(of) ?? true))
        .map(([, id, properties]) => {
          const all = variablesOf(properties);
          const value = all[name];
          return fact(id, `Environment.Variables.${name}`, value, holds(value, resources, all));
        }),
    );
