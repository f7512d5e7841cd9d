import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { difference } from '../../support/bytes.ts';
import { better, type GoldenCase, refused, runGolden, sha256 } from '../../support/nvs-golden.ts';

const fixtures = 'test/fixtures/nvs';
const cases: GoldenCase[] = JSON.parse(readFileSync(join(fixtures, 'cases.json'), 'utf8'));

for (const profile of ['new', 'legacy'] as const) {
  for (const one of cases.filter(({ cmd }) => cmd !== 'generate-key')) {
    const wanted = one[profile];
    const result = () => runGolden(fixtures, one, profile);
    if (better.test(one.name)) {
      test(`${one.name} (${profile}): taken, and not as the reference does`, () => {
        const made = result();
        assert.ok(made.ok, made.ok ? '' : made.error.join('; '));
      });
    } else if (wanted === undefined || refused.test(one.name)) {
      test(`${one.name} (${profile}): refused`, () => {
        const made = result();
        assert.equal(made.ok, false);
        if (!made.ok) assert.notEqual(made.error.join(''), '');
      });
    } else {
      test(`${one.name} (${profile}): byte for byte the reference's`, () => {
        const made = result();
        assert.ok(made.ok, made.ok ? '' : made.error.join('; '));
        assert.equal(sha256(made.value), wanted);
      });
    }
  }
}

// The whole set lies beside a checkout of the project, where there is one.
const whole = '../shared/golden/nvs';
const skip = existsSync(join(whole, 'manifest.json')) ? false : 'no ../shared/golden here';
test('every image of the whole golden set is met byte for byte', { skip }, () => {
  const manifest = JSON.parse(readFileSync(join(whole, 'manifest.json'), 'utf8'));
  let compared = 0;
  for (const raw of manifest.cases) {
    if (raw.inputs.length !== 1 || !['generate', 'encrypt'].includes(raw.cmd)) continue;
    if (refused.test(raw.name) || better.test(raw.name)) continue;
    for (const profile of ['new', 'legacy'] as const) {
      const bin = raw.results[profile]?.bin;
      if (bin === undefined || !/^(0x[0-9a-f]+|\d+)$/i.test(raw.size)) continue;
      const one = {
        ...raw,
        csv: raw.inputs[0],
        size: Number(raw.size),
        key: raw.key ?? undefined,
        version: raw.version ? Number(raw.version) : undefined,
      };
      const made = runGolden(whole, one, profile);
      assert.ok(made.ok, `${raw.name}: ${made.ok ? '' : made.error.join('; ')}`);
      assert.equal(
        difference(made.value, new Uint8Array(readFileSync(join(whole, bin)))),
        '',
        `${raw.name} ${profile}`,
      );
      compared++;
    }
  }
  assert.ok(compared > 200);
});

const factory = '../shared/golden/mfg';
const sources = '../shared/esp-at/master/components/customized_partitions';
const skipFactory =
  existsSync(join(factory, 'manifest.json')) && existsSync(sources) ? false : 'no ../shared/golden here';
test('whole mfg_nvs partitions are met byte for byte from the CSV of the firmware build', { skip: skipFactory }, () => {
  let compared = 0;
  for (const { name, partition_size, results } of JSON.parse(readFileSync(join(factory, 'manifest.json'), 'utf8'))) {
    const one = {
      name,
      cmd: 'generate',
      csv: `${name}.csv`,
      size: Number.parseInt(partition_size, 10) * 1024,
    } as const;
    for (const profile of ['new', 'legacy'] as const) {
      const made = runGolden(factory, one, profile, sources);
      assert.equal(made.ok, results[profile].exit === 0, `${name}: ${made.ok ? '' : made.error.join('; ')}`);
      if (!made.ok) continue;
      const wanted = new Uint8Array(readFileSync(join(factory, `${name}.${profile}.bin`)));
      assert.equal(difference(made.value, wanted), '', `${name} ${profile}`);
      compared++;
    }
  }
  assert.equal(compared, 16);
});
