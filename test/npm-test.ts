import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';

// `npm test`: the sources are checked beside the tests, as most of the check keeps one core busy, and
// when the tests leave it one. What it says comes after the tests' own output, and counts as much.

interface Ended {
  readonly code: number;
  readonly output: string;
}

const npmRun = (output: 'inherit' | 'pipe', ...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn('npm', ['run', ...args], { stdio: ['inherit', output, output] });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data: Buffer) => {
        text += data.toString();
      });
    if (output === 'pipe' && child.pid !== undefined)
      setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output: text }));
  });

const jest = ['--selectProjects', 'unit', 'e2e', '--maxWorkers=3', ...process.argv.slice(2)];
const [checked, tested] = await Promise.all([
  npmRun('pipe', '--silent', 'check:sources'),
  npmRun('inherit', '--silent', 'jest', '--', ...jest),
]);
console.log(checked.output.trim());
console.log(`npm run check:sources ${checked.code === 0 ? 'passed' : 'failed (above)'}.`);
process.exitCode = checked.code || tested.code;
