import { auditRules } from './audit.ts';
import { deliveryRules } from './delivery.ts';
import { firewallRules } from './firewall.ts';
import { functionRules } from './functions.ts';
import { identityRules } from './identity.ts';
import { nameRules } from './names.ts';
import type { Rule } from './rule.ts';

/** Every rule of our own; each is read over every template. */
export const rules: readonly Rule[] = [
  ...nameRules,
  ...firewallRules,
  ...deliveryRules,
  ...functionRules,
  ...auditRules,
  ...identityRules,
];
