/**
 * Which requirements of public standards a control answers: OWASP ASVS 5.0 (chapter and section),
 * OWASP API Security Top 10 (2023), NIST SP 800-53 revision 5, SOC 2 (2017 trust services criteria).
 * A mapping is a reading of ours, for whoever audits to agree with or not.
 */
export interface Standards {
  readonly asvs: readonly string[];
  readonly apiTop10: readonly string[];
  readonly nist: readonly string[];
  readonly soc2: readonly string[];
}

const tokens: Standards = {
  asvs: ['V9.1', 'V9.2'],
  apiTop10: ['API2'],
  nist: ['IA-2', 'IA-5', 'SC-23'],
  soc2: ['CC6.1'],
};
const scopes: Standards = {
  asvs: ['V8.2', 'V8.3'],
  apiTop10: ['API1', 'API5'],
  nist: ['AC-3', 'AC-6'],
  soc2: ['CC6.1', 'CC6.3'],
};
const oauth: Standards = {
  asvs: ['V10.2', 'V10.4', 'V10.7'],
  apiTop10: ['API2'],
  nist: ['IA-2', 'IA-8', 'SC-23'],
  soc2: ['CC6.1', 'CC6.2'],
};
const input: Standards = {
  asvs: ['V1.2', 'V2.2', 'V4.1'],
  apiTop10: ['API3', 'API8'],
  nist: ['SI-10'],
  soc2: ['CC6.8'],
};
const limits: Standards = {
  asvs: ['V2.4', 'V6.3'],
  apiTop10: ['API4', 'API6'],
  nist: ['SC-5', 'AC-7'],
  soc2: ['A1.1', 'CC6.6'],
};
const configuration: Standards = {
  asvs: ['V13.1', 'V13.3'],
  apiTop10: ['API8'],
  nist: ['CM-6', 'SC-12', 'SC-28'],
  soc2: ['CC6.1', 'CC8.1'],
};
const headers: Standards = {
  asvs: ['V3.4', 'V14.3'],
  apiTop10: ['API8'],
  nist: ['SC-8', 'SC-18'],
  soc2: ['CC6.7'],
};
const origins: Standards = {
  asvs: ['V3.5'],
  apiTop10: ['API8'],
  nist: ['AC-4', 'SC-7'],
  soc2: ['CC6.6'],
};
const errors: Standards = {
  asvs: ['V16.5', 'V13.4'],
  apiTop10: ['API8'],
  nist: ['SI-11'],
  soc2: ['CC6.8'],
};
const logs: Standards = {
  asvs: ['V16.2', 'V16.3', 'V16.4'],
  apiTop10: ['API8'],
  nist: ['AU-2', 'AU-3', 'AU-9', 'AU-11'],
  soc2: ['CC7.2'],
};
const monitoring: Standards = {
  asvs: ['V16.3'],
  apiTop10: ['API9'],
  nist: ['AU-6', 'IR-4', 'SI-4'],
  soc2: ['CC7.2', 'CC7.3', 'CC7.4'],
};

const byId: Readonly<Record<string, Standards>> = {
  'AUTH-8': scopes,
  'AUTH-12': scopes,
  'OAUTH-6': scopes,
  'OAUTH-5': {
    asvs: ['V10.7', 'V15.3'],
    apiTop10: ['API7', 'API10'],
    nist: ['IA-8', 'SC-7'],
    soc2: ['CC6.6'],
  },
};

const byFamily: Readonly<Record<string, Standards>> = {
  AUTH: tokens,
  OAUTH: oauth,
  IN: input,
  RATE: limits,
  CONF: configuration,
  CORS: origins,
  ERR: errors,
  LOG: logs,
  MON: monitoring,
};

/** Header rows have a name instead of an id with a number. */
export const standardsOf = (id: string): Standards =>
  byId[id] ?? byFamily[/^([A-Z]+)-\d+$/.exec(id)?.[1] ?? ''] ?? headers;
