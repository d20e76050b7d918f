import type { AccessTable } from '../access/matrix.ts';
import type { DeployedTemplate } from '../synthesis/deployed-template.ts';
import type { BillOfMaterials } from './bill-of-materials.ts';
import type { Control } from './catalogue.ts';
import { dataFlow, type Flow } from './data-flow.ts';
import { type Evidence, type JudgedControl, judge } from './judge.ts';
import { type FunctionPermissions, permissionsOf } from './permissions.ts';
import { ofType } from './resources.ts';
import { type PackReport, packReports } from './rule-packs.ts';

export interface Unverified {
  readonly assumption: string;
  readonly how: string;
}

/** Everything that the audit knows; `audit.json` is this. */
export interface Audit {
  /** The form of this document. */
  readonly version: 1;
  readonly stack: string;
  /** ISO 8601. */
  readonly at: string;
  readonly controls: readonly JudgedControl[];
  readonly people: readonly string[];
  readonly functions: readonly FunctionPermissions[];
  readonly flows: readonly Flow[];
  readonly loggedFields: readonly string[];
  readonly secrets: readonly string[];
  readonly access: Readonly<Record<string, AccessTable>>;
  readonly packs: readonly PackReport[];
  readonly packages: BillOfMaterials['packages'];
  readonly unverified: readonly Unverified[];
  /** What is wrong beside the controls. */
  readonly faults: readonly string[];
}

export interface Material {
  readonly template: DeployedTemplate;
  readonly catalogue: readonly Control[];
  readonly evidence: Omit<Evidence, 'resources'>;
  readonly access: Readonly<Record<string, AccessTable>>;
  readonly bill: BillOfMaterials;
  readonly firstDeployment: string;
  readonly loggedFields: readonly string[];
  readonly now: Date;
}

export const makeAudit = (material: Material): Audit => {
  const { template, catalogue, evidence, access, bill, loggedFields, now } = material;
  const { resources } = template;
  const packs = packReports(template.validationReport);
  return {
    version: 1,
    stack: template.stack,
    at: now.toISOString(),
    controls: catalogue.map((control) => judge(control, { ...evidence, resources })),
    people: peopleIn(template),
    functions: permissionsOf(resources),
    flows: dataFlow(resources),
    loggedFields: [...loggedFields].sort(),
    secrets: secretsIn(template),
    access,
    packs,
    packages: bill.packages,
    unverified: unverifiedIn(material.firstDeployment),
    faults: [
      ...packs.flatMap(({ pack, open }) => open.map((rule) => `${pack}: ${rule} is not explained`)),
      ...(bill.fault === undefined ? [] : [`There is no bill of materials: ${bill.fault}`]),
    ],
  };
};

export const isRed = ({ controls, faults }: Audit): boolean =>
  faults.length > 0 || controls.some((control) => control.faults.length > 0);

const peopleIn = ({ resources }: DeployedTemplate): readonly string[] => {
  const pools = ofType(resources, 'AWS::Cognito::UserPool').map(
    ([id, { AdminCreateUserConfig, MfaConfiguration }]) =>
      `${id}: ${JSON.stringify(AdminCreateUserConfig ?? {}).includes('true') ? 'people are invited' : 'people sign up'}; second factor ${String(MfaConfiguration ?? 'OFF').toLowerCase()}`,
  );
  const providers = ofType(resources, 'AWS::Cognito::UserPoolIdentityProvider').map(
    ([, { ProviderName, ProviderType }]) =>
      `the company's provider ${String(ProviderName)} (${String(ProviderType)})`,
  );
  const clients = ofType(resources, 'AWS::Cognito::UserPoolClient').map(
    ([, { ClientName, AllowedOAuthFlows, SupportedIdentityProviders, RefreshTokenValidity }]) =>
      `by ${String(ClientName)}: ${[AllowedOAuthFlows].flat().map(String).join(', ')}; from ${[SupportedIdentityProviders].flat().map(nameText).join(', ')}; logged in for ${String(RefreshTokenValidity)} days`,
  );
  return [...pools, ...providers, ...clients];
};

const nameText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

/** Where secrets are kept. None of them stands in the template. */
const secretsIn = ({ resources }: DeployedTemplate): readonly string[] => [
  ...ofType(resources, 'AWS::Cognito::UserPoolClient')
    .filter(([, { GenerateSecret }]) => GenerateSecret === true)
    .map(
      ([id]) => `${id}: Cognito keeps the client's secret; a function reads it when it needs it`,
    ),
  ...ofType(resources, 'AWS::SecretsManager::Secret').map(
    ([id]) => `${id}: made and kept by Secrets Manager`,
  ),
  ...ofType(resources, 'AWS::KMS::Key').map(
    ([id, { EnableKeyRotation }]) =>
      `${id}: a key of KMS, ${EnableKeyRotation === true ? 'renewed each year' : 'never renewed'}`,
  ),
];

const unverifiedIn = (document: string): readonly Unverified[] =>
  Array.from(
    document.matchAll(/^\| \d+ \| (.+?) \| (.+?) \| .+ \|$/gm),
    ([, assumption = '', how = '']) => ({ assumption, how }),
  );
