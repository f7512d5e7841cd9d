import assert from 'node:assert/strict';
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Check } from '../../src/checks/check.ts';
import { checks } from '../../src/checks/index.ts';
import { testMaterial } from '../../src/checks/test-material.ts';
import { build } from '../../src/index.ts';
import { fixtures } from '../support/paths.ts';
import { atPki } from '../support/run-rig.ts';
import { type Cleanup, scratch } from '../support/scratch.ts';

/** A project of one set with one thing wrong: the certificate has expired. */
function expired(t: Cleanup, more: object = {}, partition: object = {}): string {
  const folder = scratch(t);
  for (const name of ['expired.crt', 'good.crt', 'good.key']) {
    cpSync(join(fixtures, 'pki/faults', name), join(folder, name));
  }
  const partitions = {
    client_cert: { files: 'expired.crt', size: '8K', ...partition },
    mqtt_cert: { files: 'good.crt', size: '8K' },
  };
  writeFileSync(join(folder, 'pki.config.json'), JSON.stringify({ ...more, partitions }));
  return folder;
}

const now = new Date('2030-01-01');
const said = async (cwd: string, options: object = {}) => {
  const { diagnostics, partitions } = await build({ cwd, now, ...options });
  return {
    diagnostics: diagnostics.map(({ code, severity }) => `${severity} ${code}`),
    statuses: partitions.map(({ name, status }) => `${name} ${status}`),
  };
};

test('an error stops its own set and no other', async (t) => {
  assert.deepEqual(await said(expired(t)), {
    diagnostics: ['error expired'],
    statuses: ['client_cert failed', 'mqtt_cert built'],
  });
});

test('the config changes severities for all, and for a partition before that', async (t) => {
  assert.deepEqual((await said(expired(t, { checks: { expired: 'warning' } }))).diagnostics, ['warning expired']);
  assert.deepEqual((await said(expired(t, { checks: { expired: 'off' } }))).diagnostics, []);
  const both = expired(t, { checks: { expired: 'off' } }, { checks: { expired: 'info' } });
  assert.deepEqual(await said(both), {
    diagnostics: ['info expired'],
    statuses: ['client_cert built', 'mqtt_cert built'],
  });
});

test('the command line comes before both', async (t) => {
  const cwd = expired(t, { checks: { expired: 'off' } });
  assert.equal((await atPki(cwd, 'check', '--error', 'expired')).code, 1);
  const warned = await atPki(cwd, 'check', '--warn', 'expired');
  assert.equal(warned.code, 0);
  assert.match(warned.stderr, /^warning\[expired\]/);
  assert.equal((await atPki(expired(t), 'check', '--off', 'expired', '--off', 'not-yet-valid')).code, 0);
});

test('--max-warnings counts', async (t) => {
  const cwd = expired(t, { checks: { expired: 'warning' } });
  assert.equal((await atPki(cwd, 'check', '--max-warnings', '1')).code, 0);
  const { code, stderr } = await atPki(cwd, 'check', '--max-warnings', '0');
  assert.equal(code, 1);
  assert.match(stderr, /error\[too-many-warnings\]: 1 warning, and --max-warnings allows 0/);
  assert.equal((await atPki(cwd, 'check', '--max-warnings', 'x')).code, 2);
});

test('an unknown code is an error with the one that was meant; some are errors for ever', async (t) => {
  const { diagnostics } = await build({ cwd: expired(t, { checks: { expird: 'off', 'partition-full': 'off' } }) });
  assert.deepEqual(
    diagnostics.map(({ code, message, hint }) => `${code}: ${message} → ${hint}`),
    [
      'config-value: there is no code "expird" → did you mean "expired"?',
      'config-value: "partition-full" is always an error: an image with it would be of no use → undefined',
    ],
  );
  const { code, stderr } = await atPki(expired(t), 'check', '--off', 'weak-keys');
  assert.equal(code, 2);
  assert.match(stderr, /--off: there is no code "weak-keys"\n {2}→ did you mean "weak-key"\?/);
});

test('check writes nothing', async (t) => {
  const cwd = expired(t, { checks: { expired: 'off' } });
  const { code, stdout } = await atPki(cwd, 'check', '--json');
  assert.equal(code, 0);
  const report = JSON.parse(stdout) as { command: string; partitions: { status: string }[] };
  assert.equal(report.command, 'check');
  assert.deepEqual([...new Set(report.partitions.map(({ status }) => status))], ['planned']);
});

test('certificates that expire soon are warned of within the days that the config gives', async (t) => {
  const cwd = expired(t, { expiresWithin: 40_000, checks: { expired: 'off' } });
  assert.deepEqual((await said(cwd)).diagnostics, ['warning expires-soon']);
  assert.deepEqual((await said(expired(t, { checks: { expired: 'off' } }))).diagnostics, []);
});

test('a build of one partition checks its whole set', async (t) => {
  const folder = scratch(t);
  for (const name of ['good.crt', 'other.key']) cpSync(join(fixtures, 'pki/faults', name), join(folder, name));
  const partitions = { client_cert: { files: 'good.crt', size: '8K' }, client_key: { files: 'other.key', size: '8K' } };
  writeFileSync(join(folder, 'pki.config.json'), JSON.stringify({ partitions }));
  const result = await said(folder, { partitions: ['client_cert'] });
  assert.ok(result.diagnostics.includes('error key-mismatch'));
  assert.equal(result.statuses.length, 1);
  assert.notEqual(result.statuses[0], 'client_cert built');
});

test('a file may have severities of its own', async (t) => {
  const file = { file: 'expired.crt', checks: { expired: 'info' } };
  assert.deepEqual((await said(expired(t, {}, { files: [file] }))).diagnostics, ['info expired']);
  const wrong = await build({ cwd: expired(t, {}, { files: [{ ...file, checks: { expird: 'info' } }] }) });
  assert.equal(wrong.diagnostics[0]?.message, 'there is no code "expird"');
});

test('the mode of a key file is of interest only to those who ask', {
  skip: process.platform === 'win32',
}, async (t) => {
  const folder = scratch(t);
  cpSync(join(fixtures, 'pki/faults/good.key'), join(folder, 'good.key'));
  chmodSync(join(folder, 'good.key'), 0o644);
  writeFileSync(
    join(folder, 'pki.config.json'),
    '{ "partitions": { "x_key": { "files": "good.key", "size": "8K" } } }',
  );
  assert.deepEqual((await said(folder)).diagnostics, []);
  assert.deepEqual((await said(folder, { levels: { 'file-mode': 'warning' } })).diagnostics, ['warning file-mode']);
  chmodSync(join(folder, 'good.key'), 0o600);
  assert.deepEqual((await said(folder, { levels: { 'file-mode': 'warning' } })).diagnostics, []);
});

test('"nul": true on a slot ends the warning about Wi-Fi Enterprise, and the image has the NUL', async (t) => {
  const folder = scratch(t);
  cpSync(join(fixtures, 'pki/raw_data/wpa2_ca/wpa2_ca.pem'), join(folder, 'ca.pem'));
  const config = (nul: boolean) => ({ espAt: 'v2.2', partitions: { wpa2_ca: { files: 'ca.pem', size: '8K', nul } } });
  writeFileSync(join(folder, 'pki.config.json'), JSON.stringify(config(false)));
  assert.deepEqual((await said(folder)).diagnostics, ['warning trailing-nul']);
  writeFileSync(join(folder, 'pki.config.json'), JSON.stringify(config(true)));
  const report = await build({ cwd: folder, now });
  assert.deepEqual(report.diagnostics, []);
  const length = readFileSync(join(folder, 'ca.pem')).length;
  assert.equal(report.partitions[0]?.items[0]?.length, length + 1);
  assert.equal(readFileSync(join(folder, 'build/customized_partitions/wpa2_ca.bin'))[8 + 4 + length], 0);
});

/** A project of two sets; the room that the first leaves is less than it asks for. */
function tight(t: Cleanup, more: object = {}, partition: object = {}): string {
  return expired(
    t,
    { ...more, checks: { expired: 'off', ...('checks' in more ? (more.checks as object) : {}) } },
    {
      headroom: '95%',
      ...partition,
    },
  );
}

test('the room that an image leaves has the severity that was asked for, as all else has', async (t) => {
  const built = ['client_cert built', 'mqtt_cert built'];
  const expected: [level: string, diagnostics: string[], statuses: string[]][] = [
    ['off', [], built],
    ['info', ['info headroom'], built],
    ['warning', ['warning headroom'], built],
    // Without it a build that asked for an error here would give an image with too little room, and exit 0.
    ['error', ['error headroom'], ['client_cert failed', 'mqtt_cert built']],
  ];
  for (const [level, diagnostics, statuses] of expected) {
    const checks = { headroom: level };
    assert.deepEqual(await said(tight(t, { checks })), { diagnostics, statuses }, `config: ${level}`);
    assert.deepEqual(await said(tight(t, {}, { checks })), { diagnostics, statuses }, `partition: ${level}`);
    assert.deepEqual(await said(tight(t), { levels: checks }), { diagnostics, statuses }, `command line: ${level}`);
  }
  assert.equal((await atPki(tight(t), 'check', '--off', 'headroom', '--max-warnings', '0')).code, 0);
  assert.equal((await atPki(tight(t), 'check', '--error', 'headroom')).code, 1);
});

test('a note of the opening that is made an error stops the build, and one that is off is not said', async (t) => {
  const cwd = expired(t, { checks: { expired: 'off' } });
  cpSync(join(cwd, 'pki.config.json'), join(cwd, 'pki.config.yaml'));
  assert.deepEqual((await said(cwd)).diagnostics, ['warning config-ignored']);
  assert.deepEqual((await said(cwd, { levels: { 'config-ignored': 'off' } })).diagnostics, []);
  // Without it images would be written from a config that was said to be the wrong one.
  assert.deepEqual(await said(cwd, { levels: { 'config-ignored': 'error' } }), {
    diagnostics: ['error config-ignored'],
    statuses: [],
  });
});

test('a folder that is named as a source may have severities of its own', async (t) => {
  const folder = scratch(t);
  mkdirSync(join(folder, 'old/client_cert'), { recursive: true });
  cpSync(join(fixtures, 'pki/faults/expired.crt'), join(folder, 'old/client_cert/a.crt'));
  const files = [{ file: 'old/client_cert', checks: { expired: 'info' } }];
  writeFileSync(
    join(folder, 'pki.config.json'),
    JSON.stringify({ partitions: { client_cert: { files, size: '8K' } } }),
  );
  assert.deepEqual((await said(folder)).diagnostics, ['info expired']);
});

test('what a check finds of no partition is said, and as an error holds every image back', async (t) => {
  const cwd = expired(t, { checks: { expired: 'off' } });
  // Without it a check that looks at the project as a whole would look in vain.
  const shared: Check = { ...testMaterial, run: () => [{ message: 'the sets share one key' }] };
  checks.splice(checks.indexOf(testMaterial), 1, shared);
  t.after(() => checks.splice(checks.indexOf(shared), 1, testMaterial));
  assert.deepEqual(await said(cwd), {
    diagnostics: ['warning test-material'],
    statuses: ['client_cert built', 'mqtt_cert built'],
  });
  assert.deepEqual(await said(cwd, { levels: { 'test-material': 'error' } }), {
    diagnostics: ['error test-material'],
    statuses: ['client_cert skipped', 'mqtt_cert skipped'],
  });
});
