import { spawn } from 'node:child_process';

/**
 * `npm run faults`: every fault once. `-- --minutes 30`: again and again, in any order, for so long. `-- --seed 7`: the choices
 * of an earlier run. What else there is, is for vitest: `-- -t "a node that is killed"`.
 */
const options: string[] = [];
const env = { ...process.env };
const words = process.argv.slice(2);
for (let word = words.shift(); word !== undefined; word = words.shift()) {
  if (word === '--minutes') env.MINUTES = words.shift();
  else if (word === '--seed') env.SEED = words.shift();
  else options.push(word);
}

// One file at a time: what they measure is not to be each other.
const command = ['vitest', 'run', '--project', 'faults', '--no-file-parallelism', ...options];
if (env.MINUTES !== undefined) command.push('test/faults/long.e2e.ts');
spawn('npx', command, { env, stdio: 'inherit' }).on('exit', (code) => (process.exitCode = code ?? 1));
