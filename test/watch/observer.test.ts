import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { diagnostic } from '../../src/core/diagnostics/diagnostic.ts';
import { emptyResult } from '../../src/pipeline/result.ts';
import { observe } from '../../src/watch/observer.ts';
import { scratch } from '../support/scratch.ts';

// The watch would rest with the errors of a project that is not there any more, until something else changes.
test('a config that goes in the middle of a run is noticed, also where the run brings further settings', async (t) => {
  const cwd = scratch(t);
  const observer = observe({ cwd });
  await observer.begin().end(emptyResult('watch', cwd, []));
  const config = join(cwd, 'pki.config.json');
  writeFileSync(config, '{}');
  const run = observer.begin();
  rmSync(config);
  const place = { file: join(cwd, 'tables/mine.csv') };
  await run.end(emptyResult('watch', cwd, [diagnostic('checkout-file', 'there is no such table', { place })]));
  assert.equal(await observer.isStale(), true);
  await observer.begin().end(emptyResult('watch', cwd, []));
  assert.equal(await observer.isStale(), false);
});
