import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runChecks } from '../../src/checks/index.ts';
import { shared, withoutShared } from '../support/paths.ts';
import { contextOf, slot } from '../support/slots.ts';

const checkouts = join(shared, 'esp-at');

/** `code folder/file`, but for `test-material`: what the shipped files get beside it. */
const beside = ['weak-key wpa2_ca/wpa2_ca.pem', 'weak-signature wpa2_cert/wpa2_client.crt'];

function slotsOf(release: string) {
  const root = join(checkouts, release, 'components/customized_partitions/raw_data');
  return readdirSync(root)
    .filter((folder) => /_(ca|cert|key)$/.test(folder))
    .flatMap((folder) =>
      readdirSync(join(root, folder))
        .sort()
        .map((name, index) => slot(`${folder}.${index}`, readFileSync(join(root, folder, name)), `${folder}/${name}`)),
    );
}

const releases = existsSync(checkouts) ? readdirSync(checkouts) : [];

test('the files of every release are called test material, and otherwise only what is true', {
  skip: withoutShared,
}, () => {
  for (const release of releases) {
    const slots = slotsOf(release);
    const found = runChecks(contextOf(slots, { now: new Date('2026-10-01'), target: { format: 'atpki', release } }));
    const names = new Map(slots.map(({ file, name }) => [file, name]));
    const said = (wanted: (code: string) => boolean) =>
      found.filter(({ code }) => wanted(code)).map(({ code, place }) => `${code} ${names.get(place?.file ?? '')}`);
    const all = slots.map(({ name }) => `test-material ${name}`);
    assert.deepEqual(said((code) => code === 'test-material').sort(), all.sort(), release);
    const others = said((code) => code !== 'test-material' && code !== 'trailing-nul');
    assert.deepEqual(others, release === 'master' ? [] : beside, release);
    const nuls = said((code) => code === 'trailing-nul').length;
    assert.equal(nuls, release.startsWith('v2.2') ? 3 : 0, release);
    assert.ok(found.every(({ severity }) => severity !== 'error'));
  }
});

test('when they have expired, that is a warning: a pristine checkout still builds', { skip: withoutShared }, () => {
  for (const release of releases) {
    const found = runChecks(contextOf(slotsOf(release), { now: new Date('2045-01-01') }));
    const expired = found.filter(({ code }) => code === 'expired');
    assert.ok(expired.length > 5, release);
    assert.ok(expired.every(({ severity }) => severity === 'warning'));
  }
});
