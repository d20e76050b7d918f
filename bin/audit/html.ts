import { escapeHtml } from '../../lambdas/errors/page.ts';
import { groupsOf, matrix } from '../access/matrix.ts';
import { type Audit, isRed } from './audit.ts';
import type { Difference } from './difference.ts';
import { flowPicture } from './flow-picture.ts';
import type { JudgedControl } from './judge.ts';

// Nothing is loaded from anywhere: the page is a file that somebody keeps for years.
const style = `:root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--quiet:#57606a;--line:#d0d7de;--good:#116329;--bad:#a40e26;--accent:#0a53be}
@media(prefers-color-scheme:dark){:root{--paper:#0d1117;--ink:#e6edf3;--quiet:#9aa4af;--line:#3d444d;--good:#56d364;--bad:#ff7b72;--accent:#79b8ff}}
*{box-sizing:border-box}body{margin:0 auto;max-width:76rem;padding:1rem;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{line-height:1.2}h2{margin-top:2.5rem;border-top:1px solid var(--line);padding-top:1rem}a{color:var(--accent)}
.good{color:var(--good);font-weight:600}.bad{color:var(--bad);font-weight:600}.quiet{color:var(--quiet)}
details{border:1px solid var(--line);border-radius:.4rem;margin:.4rem 0;padding:.5rem .75rem}summary{cursor:pointer}
ul{padding-left:1.25rem}code,pre{font:.875rem/1.45 ui-monospace,monospace}pre{overflow-x:auto}
.wide{overflow-x:auto}svg{max-width:100%;height:auto}svg text{fill:var(--ink)}svg .edge{stroke:var(--quiet)}svg .box{fill:none;stroke:var(--accent)}
table{border-collapse:collapse}th,td{border:1px solid var(--line);padding:.25rem .5rem;text-align:left;vertical-align:top}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
@media print{details{break-inside:avoid}details::details-content{content-visibility:visible;block-size:auto}:root{--paper:#fff;--ink:#000;--quiet:#333;--line:#999;--good:#063;--bad:#900;--accent:#000}}`;

const list = (lines: readonly string[], none = 'None.'): string =>
  lines.length === 0
    ? `<p class="quiet">${none}</p>`
    : `<ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul>`;

const controlHtml = (control: JudgedControl): string => {
  const { id, text, source, test, lastTest, facts, faults, standards, policy } = control;
  const isGood = faults.length === 0;
  const last =
    lastTest === undefined
      ? 'no result'
      : `${lastTest.passed} passed, ${lastTest.failed} failed, ${lastTest.at}`;
  const rows = [
    ...(isGood ? [] : [['missing', faults.join('; ')]]),
    ...(policy.length > 0 ? [['policy', policy.join(', ')]] : []),
    ['enforced by', source ?? '-'],
    ['shown by', `${test ?? '-'}: ${last}`],
    ...facts.map(({ resource, property, value, holds }) => [
      holds ? 'template' : 'template, wrong',
      `${resource} · ${property} = ${value}`,
    ]),
    [
      'standards',
      `ASVS 5 ${standards.asvs.join(', ')} · API Top 10 ${standards.apiTop10.join(', ')} · NIST 800-53 ${standards.nist.join(', ')} · SOC 2 ${standards.soc2.join(', ')}`,
    ],
  ];
  return `<details id="${escapeHtml(id)}"${isGood ? '' : ' open'}><summary><span class="${isGood ? 'good' : 'bad'}">${isGood ? '✓' : '✗'} ${escapeHtml(id)}</span> ${escapeHtml(summaryOf(text))}</summary>
<p>${proseHtml(text)}</p><ul>${rows.map(([name = '', value = '']) => `<li><b>${escapeHtml(name)}</b>: ${escapeHtml(value)}</li>`).join('')}</ul></details>`;
};

const summaryCharacters = 90;
const summaryOf = (text: string): string => {
  const plain = text.replace(/[`*]/g, '').replaceAll(' | ', '; ');
  return plain.length > summaryCharacters ? `${plain.slice(0, summaryCharacters)}…` : plain;
};

/** A row of the catalogue, whose last column says how AWS meets it. */
const proseHtml = (text: string): string =>
  escapeHtml(text.replace(/\*/g, ''))
    .replace(/&#96;([^&]+(?:&#\d+;[^&`]+)*)&#96;/g, '<code>$1</code>')
    .replaceAll(' | ', '. On AWS: ');

/** One file, without a script, that loads nothing. */
export const auditHtml = (audit: Audit, difference: Difference | undefined): string => {
  const red = audit.controls.filter(({ faults }) => faults.length > 0);
  const sections = [...new Set(audit.controls.map(({ section }) => section))];
  const licences = Map.groupBy(audit.packages, ({ licence }) => licence);
  const verdict = isRed(audit)
    ? `<p class="bad">${red.length} of ${audit.controls.length} controls lack evidence${audit.faults.length > 0 ? `, and ${audit.faults.length} more faults` : ''}.</p>`
    : `<p class="good">All ${audit.controls.length} controls have their evidence.</p>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Audit of ${escapeHtml(audit.stack)}</title><style>${style}</style></head><body><main>
<h1>Audit of ${escapeHtml(audit.stack)}</h1>
<p class="quiet">${escapeHtml(audit.at)}. From the synthesized template, the sources and the last run of the tests; nothing here was asked of AWS.</p>
${verdict}
${list([...audit.faults, ...red.map(({ id, faults }) => `${id}: ${faults.join('; ')}`)], '')}
<h2>Since the last audit</h2>
${difference === undefined ? '<p class="quiet">There is none to compare with.</p>' : `<p class="quiet">Since ${escapeHtml(difference.since)}.</p>${list(difference.changes, 'Nothing has changed.')}`}
<h2>Controls</h2>
${sections
  .map(
    (section) =>
      `<h3>${escapeHtml(section)}</h3>${audit.controls
        .filter((each) => each.section === section)
        .map(controlHtml)
        .join('\n')}`,
  )
  .join('\n')}
<h2>Who may log in</h2>${list(audit.people)}
<h2>Who may use what</h2>
${Object.entries(audit.access)
  .map(
    ([path, table]) =>
      `<h3>${escapeHtml(path)}</h3><div class="wide" tabindex="0"><pre>${escapeHtml(matrix(table))}</pre></div><p class="quiet">Groups: ${escapeHtml(groupsOf(table).join(', ') || 'none')}</p>`,
  )
  .join('')}
<h2>What each function may do</h2>
${audit.functions.map(({ name, allows, variables }) => `<details><summary>${escapeHtml(name)}</summary>${list(allows)}<p><b>Variables</b>: ${escapeHtml(variables.join(', '))}</p></details>`).join('\n')}
<h2>Where data goes</h2><div class="wide" tabindex="0">${flowPicture(audit.flows)}</div>${list(audit.flows.map(({ from, to, what }) => `${from} → ${to}: ${what}`))}
<h2>How secrets are kept</h2>${list(audit.secrets)}
<h2>What is logged</h2><p>No line has any other field: ${audit.loggedFields.map((name) => `<code>${escapeHtml(name)}</code>`).join(', ')}.</p>
<h2>Findings of rule packs</h2>
${audit.packs.length === 0 ? '<p class="quiet">The app runs none.</p>' : audit.packs.map(({ pack, open, explained }) => `<details><summary>${escapeHtml(pack)}: ${open.length} open, ${explained.length} explained</summary>${list([...open, ...explained.map(({ rule, reason, times }) => `${rule} (${times} times): ${reason}`)])}</details>`).join('\n')}
<h2>Bill of materials</h2>
${[...licences]
  .sort()
  .map(
    ([licence, packages]) =>
      `<details><summary>${escapeHtml(licence)}: ${packages.length}</summary>${list(packages.map(({ name, version }) => `${name} ${version}`))}</details>`,
  )
  .join('\n')}
<h2>What only AWS can confirm</h2>${list(audit.unverified.map(({ assumption, how }) => `${assumption}. To see: ${how}`))}
</main></body></html>
`;
};
