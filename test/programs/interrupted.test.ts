import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Offspring, offspring } from '../support/offspring.ts';
import { atPkiIn } from '../support/run-rig.ts';
import { scratch } from '../support/scratch.ts';

const skip = process.platform === 'win32' && 'process groups are of POSIX';

/** A project of a file and a source that never ends, in this order. */
function project(cwd: string, program: Offspring['program']): void {
  writeFileSync(join(cwd, 'a.bin'), 'a');
  const size = '4K';
  const partitions = {
    first: { format: 'raw', files: 'a.bin', size },
    second: { format: 'raw', files: { exec: program }, size },
  };
  writeFileSync(join(cwd, 'pki.config.json'), JSON.stringify({ outDir: 'out', partitions }));
}

// Else Ctrl-C ends the source, and the build goes on to write what it has: half of the images.
for (const command of ['build', 'watch']) {
  test(`${command} that is interrupted while a source runs writes nothing`, { skip }, async (t) => {
    const cwd = scratch(t);
    const { program, pids, gone } = offspring(t);
    project(cwd, program);
    const stop = new AbortController();
    const running = atPkiIn({ cwd, signal: stop.signal }, command);
    await pids();
    stop.abort();
    const { code, stderr } = await running;
    assert.equal(code, 130);
    assert.match(stderr, /^error\[interrupted\]: it was interrupted while \S+ ran\n/m);
    assert.ok(!existsSync(join(cwd, 'out')));
    await gone();
  });
}

// It took 29 s: as long as the time-out of the source.
test('watch does not wait for a process that left the group of a source and holds its output', { skip }, async (t) => {
  const cwd = scratch(t);
  const { program, pids } = offspring(t, { away: true });
  project(cwd, program);
  const stop = new AbortController();
  const running = atPkiIn({ cwd, signal: stop.signal }, 'watch');
  await pids();
  stop.abort();
  assert.equal((await running).code, 130);
});
