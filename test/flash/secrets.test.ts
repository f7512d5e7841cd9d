import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { toReport } from '../../src/pipeline/build-report.ts';
import type { BuildResult } from '../../src/pipeline/result.ts';
import { simulatedChip } from '../support/chip/chip.ts';
import { flashProject } from '../support/flash-project.ts';
import { flashChip } from '../support/flash-run.ts';
import { scratch } from '../support/scratch.ts';

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
}

/** Lines out of the middle of each private key. */
function linesOfKeys(folder: string): string[] {
  const keys = filesBelow(join(folder, 'raw_data')).filter((file) => file.endsWith('.key'));
  return keys.flatMap((file) => readFileSync(file, 'utf8').split('\n').slice(1, -2));
}

test('no key stands in what a flash has to say, however it ends; what it keeps is for its owner alone', async (t) => {
  const old = process.umask(0);
  t.after(() => process.umask(old));
  const { folder, flash } = flashProject(scratch(t), 'atpki');
  const chip = simulatedChip(t, { chip: 'esp32', flash });
  const results: BuildResult[] = [];
  chip.faults.add({ kind: 'cut', side: 'toChip', at: 16_000 });
  results.push(await flashChip(folder, chip));
  assert.ok(results[0]?.diagnostics.some(({ code }) => code === 'port-lost'));
  chip.faults.add({ kind: 'nak', op: 'flashDeflData' }, { kind: 'garbage', op: 'md5', nth: 3 });
  results.push(await flashChip(folder, chip));
  results.push(await flashChip(folder, chip, { full: true }));
  const lines = linesOfKeys(folder);
  assert.ok(lines.length > 10);
  for (const result of results) {
    const said = JSON.stringify([toReport(result), result.diagnostics]);
    for (const line of lines) assert.ok(!said.includes(line));
  }
  if (process.platform === 'win32') return;
  for (const file of filesBelow(join(folder, '.at-pki'))) {
    const there = statSync(file);
    const mode = there.isDirectory() ? 0o700 : 0o600;
    if (!file.endsWith('.gitignore')) assert.equal(there.mode & 0o777, mode, file);
  }
});
