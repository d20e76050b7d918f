import {
  foreignPoliciesOf,
  functionsOf,
  isRecord,
  listIn,
  ofType,
  type Properties,
  type Resources,
  recordIn,
  referencesIn,
  type Statement,
  statementsOf,
} from '../resources.ts';
import { type Evidence, each, eachOf, every, fact, shown, variablesOf } from './fact.ts';
import { managedRules } from './firewall.ts';
import { strongPasswords } from './identity.ts';

const secret =
  /AKIA[0-9A-Z]{16}|-----BEGIN [A-Z ]*PRIVATE KEY|"client_secret":"(?!\{\{resolve:)|gh[pousr]_[A-Za-z0-9]{20}|xox[abprs]-[0-9A-Za-z-]{10}|\bsk-[A-Za-z0-9_-]{20}|AIza[0-9A-Za-z_-]{35}|eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}/;

/** What stands in such a variable itself is one, whatever it looks like. */
const secretName = /(?:PASSWORD|PASSPHRASE|PRIVATE_KEY|API_KEY|ACCESS_KEY|TOKEN)$/i;

/** CONF-4. */
export const noSecret: Evidence = (resources) => {
  const found = [
    ...Object.entries(resources)
      .filter(([, { Properties }]) => secret.test(JSON.stringify(Properties)))
      .map(([id]) => fact(id, 'Properties', 'looks like a secret', false)),
    ...functionsOf(resources).flatMap(([, id, properties]) =>
      Object.entries(variablesOf(properties))
        .filter(([name, value]) => secretName.test(name) && typeof value === 'string')
        .map(([name]) => fact(id, `Environment.Variables.${name}`, 'is written out', false)),
    ),
  ];
  return found.length > 0
    ? found
    : [fact('(every resource)', 'Properties', 'nothing looks like a secret', true)];
};

const isWholesale = ({ Effect, Action, NotAction }: Statement): boolean =>
  Effect === 'Allow' &&
  (NotAction !== undefined || [Action].flat().some((action) => /^\*$|:\*$/.test(String(action))));

/** Of AWS's own policies, those that leave nothing out. */
const widePolicy = /Administrator|PowerUser|FullAccess/i;

const roles: Evidence = (resources) =>
  functionsOf(resources).map(([, id, { Role }]) => {
    const own = referencesIn(Role);
    const wide = [
      ...statementsOf(resources, own).filter(isWholesale),
      ...foreignPoliciesOf(resources, own).filter((policy) => widePolicy.test(shown(policy))),
    ];
    return fact(
      id,
      'Role',
      wide.length === 0 ? 'allows what it names' : `allows wholesale: ${shown(wide)}`,
      wide.length === 0,
    );
  });

const behaviors = (resources: Resources) =>
  ofType(resources, 'AWS::CloudFront::Distribution').flatMap(([id, properties]) => {
    const { DefaultCacheBehavior: first, CacheBehaviors: more } = recordIn(
      properties,
      'DistributionConfig',
    );
    return [first, more]
      .flat()
      .filter(isRecord)
      .map((behavior) => ({ id, behavior }));
  });

const encryptedEdge: Evidence = (resources) =>
  behaviors(resources).map(({ id, behavior: { ViewerProtocolPolicy } }) =>
    fact(id, 'ViewerProtocolPolicy', ViewerProtocolPolicy, ViewerProtocolPolicy === 'https-only'),
  );

/** RATE-10: what stands before the stage proves itself; where nothing does, the gateway's word counts. */
export const provenProxy: Evidence = (resources) => {
  const distributions = ofType(resources, 'AWS::CloudFront::Distribution');
  if (distributions.length === 0)
    return [fact('(no distribution)', 'client address', 'as the gateway sees it', true)];
  return distributions.flatMap(([id, properties]) =>
    listIn(recordIn(properties, 'DistributionConfig'), 'Origins').map((origin) => {
      const names = listIn(origin, 'OriginCustomHeaders').map((header) =>
        isRecord(header) ? header['HeaderName'] : undefined,
      );
      return fact(id, 'Origins.OriginCustomHeaders', names, names.length > 0);
    }),
  );
};

/** Tools may have tables of their own; ours is the one whose items expire. */
const isOurTable = (properties: Properties): boolean =>
  recordIn(properties, 'TimeToLiveSpecification')['AttributeName'] === 'expiresAt';

/** CONF-5: what an empty configuration promises, whatever was configured. */
export const strictPosture: Evidence = every(
  each(
    'AWS::DynamoDB::Table',
    'PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled',
    (value) => value === true,
    isOurTable,
  ),
  each(
    'AWS::DynamoDB::Table',
    'SSESpecification.SSEEnabled',
    (value) => value === true,
    isOurTable,
  ),
  eachOf('AWS::KMS::Key', 'EnableKeyRotation', (value) => value === true),
  strongPasswords,
  roles,
  encryptedEdge,
  managedRules,
);
