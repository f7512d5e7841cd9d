import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { globSync } from 'tinyglobby';
import { FileRun } from './file-run.ts';
import { nameOf, Report } from './report.ts';

const { values, positionals: words } = parseArgs({
  allowPositionals: true,
  options: {
    fuzz: { type: 'boolean' },
    bench: { type: 'boolean' },
    limit: { type: 'string' },
    silence: { type: 'string' },
  },
});
const folder = values.fuzz ? 'fuzz' : values.bench ? 'bench' : undefined;
/** A fuzz run is one long test in each file. */
const hour = 60 * 60;
const limit = 1000 * Number(values.limit ?? (folder ? 6 * hour : 20 * 60));
const silence = 1000 * Number(values.silence ?? (folder ? 2 * hour : 120));

const files = chosen();
if (files.length === 0) {
  console.error(`no compiled test matches ${words.join(' ')}; compiled by: npm run build`);
  process.exit(1);
}
if (folder === 'bench') bench();
else await test();

/** Files named by a word: a file itself, else every compiled test whose path the word is a part of. */
function chosen(): string[] {
  const compiled = globSync(folder ? `.out/test/${folder}/**/*.js` : '.out/test/**/*.test.js', {
    ignore: folder ? [] : ['.out/test/{fuzz,bench}/**'],
  })
    // What was compiled before its source moved is no test any more.
    .filter((file) => existsSync(file.replace(/^\.out\/(.*)\.js$/, '$1.ts')))
    .sort();
  if (words.length === 0) return compiled;
  return words.flatMap((word) => {
    if (/\.m?js$/.test(word) && existsSync(word)) return [word];
    // As a shell completes it: test/config/yaml.test.ts
    const part = word.replace(/\.ts$/, '.js').replace(/^\.\//, '');
    return compiled.filter((file) => file.includes(part));
  });
}

/** One after the other: what measures must have the machine to itself. */
function bench(): void {
  for (const file of files) {
    const { status } = spawnSync(process.execPath, [file], { stdio: 'inherit' });
    if (status !== 0) process.exit(status ?? 1);
  }
}

async function test(): Promise<void> {
  const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'at-pki-tests-')));
  // Some tests step down to a user without rights.
  chmodSync(temporary, 0o755);
  const report = new Report(process.stdout.isTTY === true);
  const waiting = [...new Set(files)];
  const running = new Set<FileRun>();
  let stopped = '';

  const stop = (reason: string): void => {
    if (stopped !== '') return;
    stopped = reason;
    console.log(`\n${reason}; these were still running:`);
    for (const run of running) console.log(`  ${nameOf(run.file)}: ${run.running}`);
    if (waiting.length > 0) console.log(`  and ${waiting.length} files had not begun`);
    for (const run of running) run.stop(`${reason}; ${run.running}`);
    waiting.length = 0;
  };
  const timer = setTimeout(() => stop(`the limit of ${limit / 1000} s for the whole run has passed`), limit);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(`ended by ${signal}`));

  // A reader that leaves early, as head does.
  process.stdout.on('error', () => stop('the output cannot be written'));

  // Many wait more than they compute, for a simulated chip or a file system: more at once than there are cores.
  const lanes = Array.from({ length: 2 * availableParallelism() }, async (_, lane) => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const run = new FileRun(file, join(temporary, `${lane}-${waiting.length}`));
      running.add(run);
      const result = await run.result(silence);
      running.delete(run);
      report.add(result);
    }
  });
  await Promise.all(lanes);
  clearTimeout(timer);
  rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
  await report.end();
  process.exitCode = stopped !== '' || report.hasFailed ? 1 : 0;
}
