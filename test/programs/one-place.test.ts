import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../support/paths.ts';

const source = join(packageRoot, 'src');
const modules = /['"`](?:node:)?(?:execa|nano-spawn|cross-spawn|child_process|cluster|worker_threads)['"`/]/;

// A program that is started elsewhere knows nothing of --no-exec, Ctrl-C and limits: so it was with esptool.
test('programs are started in src/programs and nowhere else', () => {
  const starters = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && modules.test(readFileSync(join(source, file), 'utf8')))
    .map((file) => file.replaceAll('\\', '/'));
  assert.deepEqual(starters.sort(), ['programs/process-group.ts', 'programs/run.ts']);
});
