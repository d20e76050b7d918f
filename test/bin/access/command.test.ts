import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessOutcome } from '../../../bin/access/command.ts';
import { accessIn, accessOfApp } from '../../../bin/access/read.ts';

const table = {
  tools: { list_orders: ['finance', 'auditors'], whoami: 'everybody' as const },
  prompts: {},
  resources: { 'orders://latest': ['auditors'] },
  resourceTemplates: {},
};

test('a line for each definition says which groups may use it, and people in none', () => {
  expect(accessOutcome({ 'Reports/Mcp': table }).text).toBe(
    `Reports/Mcp

tools                in no group  auditors  finance
  list_orders        -            yes       yes
  whoami             yes          yes       yes

resources            in no group  auditors  finance
  orders://latest    -            yes       -`,
  );
});

test('the same for programs, with the groups that decide', () => {
  expect(accessOutcome({ 'Reports/Mcp': table }).json).toEqual({
    'Reports/Mcp': { groups: ['auditors', 'finance'], ...table },
  });
});

test('an app without a Gatehouse is told so', () => {
  expect(() => accessOutcome({})).toThrow('The app has no Gatehouse');
});

describe('the rules', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-access-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('are read from every template of an assembly, those of stages too', () => {
    const template = { Metadata: { 'Gatehouse:Live/Server/Mcp': { access: table, sizes: {} } } };
    mkdirSync(join(folder, 'assembly-Live'));
    writeFileSync(join(folder, 'Data.template.json'), '{}');
    writeFileSync(join(folder, 'assembly-Live', 'Server.template.json'), JSON.stringify(template));
    expect(accessIn(folder)).toEqual({ 'Live/Server/Mcp': table });
  });

  test('of an app that does not build are its one line of reason', async () => {
    await expect(accessOfApp(folder, {})).rejects.toThrow(
      `There is no cdk.json in ${folder}: run this in the folder of your CDK app.`,
    );
  });
});
