import { addressLimits } from '../../../policy/limits.ts';
import {
  isRecord,
  listIn,
  ofType,
  type Properties,
  type Resources,
  recordIn,
  referencesIn,
} from '../resources.ts';
import { type Evidence, type Fact, fact, orAbsent, shown } from './fact.ts';

interface WebAcl {
  readonly id: string;
  readonly rules: readonly Properties[];
}

const onStages = (resources: Resources) =>
  ofType(resources, 'AWS::WAFv2::WebACLAssociation').filter(([, { ResourceArn }]) =>
    JSON.stringify(ResourceArn).includes('/stages/'),
  );

const aclsOnStages = (resources: Resources): readonly WebAcl[] => {
  const associated = onStages(resources).flatMap(([, { WebACLArn }]) => referencesIn(WebACLArn));
  return ofType(resources, 'AWS::WAFv2::WebACL')
    .filter(([id]) => associated.includes(id))
    .map(([id, properties]) => ({ id, rules: listIn(properties, 'Rules').filter(isRecord) }));
};

const blocked = (rule: Properties): Properties => recordIn(recordIn(rule, 'Action'), 'Block');

const statusOf = (rule: Properties): unknown =>
  recordIn(blocked(rule), 'CustomResponse')['ResponseCode'];

/** Rules count and give a label; another one, later, refuses whatever has it. */
const isRefused = (rule: Properties, { rules }: WebAcl): boolean => {
  const action = recordIn(rule, 'Action');
  if ('Block' in action) return true;
  const labels = listIn(rule, 'RuleLabels').map((label) =>
    String(recordIn({ label }, 'label')['Name']),
  );
  return rules.some((later) => {
    const { Key: key } = recordIn(recordIn(later, 'Statement'), 'LabelMatchStatement');
    return (
      'Block' in recordIn(later, 'Action') &&
      Number(later['Priority']) > Number(rule['Priority']) &&
      typeof key === 'string' &&
      labels.some((label) => label.startsWith(key))
    );
  });
};

/** The limit's rule is on the stage, with the policy's figures. A limit that another implies has none. */
export const addressLimit =
  (id: string): Evidence =>
  (resources) =>
    orAbsent(
      'web ACL of the stage',
      aclsOnStages(resources).flatMap((acl) =>
        addressLimits
          .filter((limit) => limit.id === id && !('developmentOnly' in limit))
          .map((limit) => limitIn(acl, limit)),
      ),
    );

const limitIn = (acl: WebAcl, limit: (typeof addressLimits)[number]): Fact => {
  const { name, requests, perSeconds } = limit;
  const rule = acl.rules.find(({ Name }) => Name === name);
  const rate = recordIn(recordIn(rule, 'Statement'), 'RateBasedStatement');
  const { Limit: most, EvaluationWindowSec: window } = rate;
  if (rule === undefined) {
    // A wider one that is as strict stands for it.
    const isImplied = addressLimits.some(
      (other) =>
        other.name !== name &&
        other.counts === 'everything' &&
        other.requests / other.perSeconds <= requests / perSeconds,
    );
    const value = isImplied ? 'implied by a rule for everything' : 'absent';
    return fact(acl.id, `Rules.${name}`, value, isImplied);
  }
  const refuses = isRefused(rule, acl);
  return fact(
    acl.id,
    `Rules.${name}`,
    `${shown(most)} in ${shown(window)} s${refuses ? '' : ', and nothing refuses'}`,
    refuses && most === requests && window === perSeconds,
  );
};

/** RATE-1: a web ACL stands before each stage, and no rule lets anybody past the limits. */
export const standsBeforeStages: Evidence = (resources) => {
  const covered = onStages(resources).flatMap(([, { ResourceArn }]) => referencesIn(ResourceArn));
  return [
    ...ofType(resources, 'AWS::ApiGateway::Stage').map(([id]) =>
      fact(id, 'web ACL', covered.includes(id) ? 'associated' : 'absent', covered.includes(id)),
    ),
    ...aclsOnStages(resources).flatMap(({ id, rules }) =>
      rules
        .filter((rule) => 'Allow' in recordIn(rule, 'Action'))
        .map(({ Name }) =>
          fact(id, `Rules.${shown(Name)}`, 'lets requests past the limits', false),
        ),
    ),
  ];
};

/** RATE-9: what is over a limit hears 429. */
export const refusesWithStatus: Evidence = (resources) =>
  orAbsent(
    'web ACL of the stage',
    aclsOnStages(resources).map(({ id, rules }) => {
      const statuses = rules.map(statusOf).filter((status) => status !== undefined);
      return fact(
        id,
        'Rules.Action.Block.CustomResponse.ResponseCode',
        statuses,
        statuses.length > 0 && statuses.every((status) => status === 429),
      );
    }),
  );

/** CONF-5: AWS's managed rules are in force. */
export const managedRules: Evidence = (resources) =>
  ofType(resources, 'AWS::WAFv2::WebACL').map(([id, properties]) => {
    const managed = listIn(properties, 'Rules').filter(
      (rule) =>
        isRecord(rule) && isRecord(recordIn(rule, 'Statement')['ManagedRuleGroupStatement']),
    );
    return fact(
      id,
      'managed rule groups',
      managed.map((rule) => recordIn(rule, 'OverrideAction')),
      managed.length > 0 && managed.every((rule) => 'None' in recordIn(rule, 'OverrideAction')),
    );
  });
