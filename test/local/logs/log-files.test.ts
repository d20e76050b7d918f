import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logFiles, logFolder } from '../../../local/logs/log-files.ts';

const folders: string[] = [];
const aFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-logs-'));
  folders.push(folder);
  return folder;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('the files of log groups', () => {
  it('hold the lines of each, of this start alone, and no repository takes them in', () => {
    const folder = join(aFolder(), 'logs');
    logFiles(folder)({ source: 'mcp', line: '{"of":"the last start"}' });
    const keep = logFiles(folder);
    keep({ source: 'mcp', line: '{"a":1}' });
    keep({ source: 'audit-trail', line: '{"trail":"call"}' });
    keep({ source: 'mcp', line: '{"a":2}' });
    expect(readFileSync(join(folder, 'mcp.jsonl'), 'utf8')).toBe('{"a":1}\n{"a":2}\n');
    expect(readFileSync(join(folder, 'audit-trail.jsonl'), 'utf8')).toBe('{"trail":"call"}\n');
    expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toBe('*\n');
  });

  it('stand in that folder, whatever a function is called', () => {
    const folder = join(aFolder(), 'logs');
    logFiles(folder)({ source: '../../elsewhere', line: 'x' });
    expect(readdirSync(folder).sort()).toEqual(['.gitignore', '______elsewhere.jsonl']);
  });

  it('begin anew past 10 MB, and keep one older', () => {
    const folder = join(aFolder(), 'logs');
    const keep = logFiles(folder);
    const megabyte = 'x'.repeat(1024 * 1024);
    for (let line = 0; line < 12; line += 1) keep({ source: 'mcp', line: megabyte });
    keep({ source: 'mcp', line: 'last' });
    expect(readFileSync(join(folder, 'mcp.jsonl'), 'utf8')).toMatch(/x\nlast\n$/);
    expect(readFileSync(join(folder, 'mcp.jsonl')).byteLength).toBeLessThan(4 * 1024 * 1024);
    expect(readdirSync(folder)).toContain('mcp.jsonl.1');
  });

  it('are told apart as the states are', () => {
    const location = {
      folder: '/orders',
      urlMode: 'stage',
      port: 3000,
      path: 'Orders/Mcp',
    } as const;
    expect(logFolder(location)).toBe('/orders/.local/logs/stage-3000-Orders_Mcp');
  });
});
