import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Gatehouse, startGatehouse } from '../../local/runtime.ts';
import { expectations } from '../judges/documents.ts';

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await startGatehouse();
});
afterAll(() => gatehouse?.stop());

// The document's own commands, with the local runtime in the place of the deployment.
test.each(
  expectations('docs/first-deploy.md').map(({ command, printed }) => [command, printed] as const),
)('%s', async (command, printed) => {
  const url = gatehouse.mcpUrl;
  const env = { PATH: process.env['PATH'], URL: url, BASE: url.replace(/\/mcp$/, '') };
  const { stdout } = await promisify(execFile)('/bin/bash', ['-c', command], { env });
  expect(stdout.trim()).toBe(printed);
});
