import {
  foreignPoliciesOf,
  functionsOf,
  isRecord,
  type Resources,
  recordIn,
  referencesIn,
  type Statement,
  statementsOf,
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

const statementText = (statement: Statement): string => {
  const {
    Effect: effect,
    Action: action,
    NotAction: notAction,
    Resource: resource,
    NotResource: notResource,
    Condition: condition,
  } = statement;
  const conditions = Object.values(isRecord(condition) ? condition : {})
    .filter(isRecord)
    .flatMap((each) => Object.entries(each))
    .map(([key, value]) => `${key} ${[value].flat().map(text).join(', ')}`);
  const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
  const what = action === undefined ? `everything but ${shownList(notAction)}` : shownList(action);
  const on =
    resource === undefined ? `everything but ${shownList(notResource)}` : shownList(resource);
  return `${effect === 'Deny' ? 'not: ' : ''}${what} on ${on}${where}`;
};

const shownList = (value: unknown): string => [value].flat().map(text).join(', ');

export const permissionsOf = (resources: Resources): readonly FunctionPermissions[] =>
  functionsOf(resources).map(([name, , properties]) => {
    const roles = referencesIn(properties['Role']);
    const variables = recordIn(recordIn(properties, 'Environment'), 'Variables');
    return {
      name,
      allows: [
        ...statementsOf(resources, roles).map(statementText),
        ...foreignPoliciesOf(resources, roles).map((policy) => `all that ${text(policy)} says`),
      ].sort(),
      variables: Object.keys(variables).sort(),
    };
  });
