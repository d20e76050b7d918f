import type { Audit } from './audit.ts';
import type { BillOfMaterials } from './bill-of-materials.ts';
import { differenceTo } from './difference.ts';
import { auditHtml } from './html.ts';
import { auditSarif } from './sarif.ts';

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/**
 * The files of an audit, by name.
 * @param before the audit.json that lay there; undefined where there was none
 */
export const write = (
  audit: Audit,
  before: unknown,
  { document }: BillOfMaterials,
): Readonly<Record<string, string>> => ({
  'index.html': auditHtml(audit, differenceTo(before, audit)),
  'audit.json': pretty(audit),
  'audit.sarif': pretty(auditSarif(audit)),
  ...(document !== undefined && { 'bill-of-materials.cdx.json': pretty(document) }),
});
