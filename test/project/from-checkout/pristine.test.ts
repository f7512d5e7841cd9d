import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { shared } from '../../support/paths.ts';
import { atPkiIn } from '../../support/run-rig.ts';

// What Espressif ships is weak in places and expires in 2027 and 2029: all the same it builds, for whoever replaces it.

const checkouts = join(shared, 'esp-at');
const releases = existsSync(checkouts) ? readdirSync(checkouts) : [];
const skip = releases.length > 0 ? false : 'no checkouts here';

interface Report {
  readonly diagnostics: readonly { readonly severity: string; readonly code: string; readonly message: string }[];
}

for (const date of ['2026-11-01', '2030-06-01']) {
  test(`every module of every pristine checkout builds on ${date}`, { skip }, async () => {
    let modules = 0;
    for (const release of releases) {
      const cwd = join(checkouts, release);
      for (const name of readdirSync(join(cwd, 'module_config')).filter((folder) => folder.startsWith('module_'))) {
        const argv = ['build', '--dry-run', '--json', '--module', name];
        const { code, stdout } = await atPkiIn({ cwd, now: () => new Date(date) }, ...argv);
        const { diagnostics } = JSON.parse(stdout) as Report;
        const errors = diagnostics.filter(({ severity }) => severity === 'error');
        assert.deepEqual([code, errors], [0, []], `${release} ${name}`);
        const isExpired = diagnostics.some((found) => found.code === 'expired');
        assert.equal(isExpired, date.startsWith('2030'), `${release} ${name}`);
        modules++;
      }
    }
    assert.ok(modules > 40, `${modules} modules`);
  });
}
