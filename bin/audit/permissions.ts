import {
  functionsOf,
  isRecord,
  listIn,
  ofType,
  type Resources,
  recordIn,
  referencesIn,
} from './resources.ts';

/** What the role of a function allows, a line each. */
export interface FunctionPermissions {
  readonly name: string;
  readonly allows: readonly string[];
  /** Names of its variables. Values can be somebody's, and stand in the template. */
  readonly variables: readonly string[];
}

const text = (value: unknown): string => {
  if (typeof value === 'string') return value;
  const references = referencesIn(value);
  return references.length > 0 ? references.join(' ') : JSON.stringify(value);
};

const statementText = (statement: Readonly<Record<string, unknown>>): string => {
  const { Action: action, Resource: resource, Condition: condition } = statement;
  const conditions = Object.values(isRecord(condition) ? condition : {})
    .filter(isRecord)
    .flatMap((each) => Object.entries(each))
    .map(([key, value]) => `${key} ${[value].flat().map(text).join(', ')}`);
  const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
  return `${[action].flat().map(text).join(', ')} on ${[resource].flat().map(text).join(', ')}${where}`;
};

export const permissionsOf = (resources: Resources): readonly FunctionPermissions[] =>
  [...functionsOf(resources)].map(([name, [, properties]]) => {
    const roles = referencesIn(properties['Role']);
    const statements = ofType(resources, 'AWS::IAM::Policy')
      .filter(([, { Roles }]) => referencesIn(Roles).some((role) => roles.includes(role)))
      .flatMap(([, policy]) => listIn(policy['PolicyDocument'], 'Statement').filter(isRecord));
    const variables = recordIn(recordIn(properties, 'Environment'), 'Variables');
    return {
      name,
      allows: statements.map(statementText).sort(),
      variables: Object.keys(variables).sort(),
    };
  });
