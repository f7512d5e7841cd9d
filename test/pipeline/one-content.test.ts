import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { decode } from '../../src/formats/nvs/decode.ts';
import { build } from '../../src/index.ts';
import { fixtures } from '../support/paths.ts';
import { atPki } from '../support/run-rig.ts';
import { type Cleanup, scratch } from '../support/scratch.ts';

// Whatever way content takes into an image, it is checked and kept secret by the bytes that are packed.

const onWindows = process.platform === 'win32';
const fixture = (name: string): string => readFileSync(join(fixtures, 'pki/faults', name), 'utf8');
const now = new Date('2026-06-01T12:00:00Z');

type Namespaces = Readonly<Record<string, object>>;

/** Builds an NVS image of these namespaces. */
async function built(t: Cleanup, namespaces: Namespaces, more: object = {}) {
  const cwd = scratch(t);
  cpSync(join(fixtures, 'pki/faults/good.crt'), join(cwd, 'good.crt'));
  const partitions = { mfg_nvs: { offset: '0x21000', size: '64K', namespaces } };
  writeFileSync(join(cwd, 'pki.config.json'), JSON.stringify({ outDir: 'out', partitions, ...more }, undefined, 2));
  const report = await build({ cwd, now });
  return { cwd, report, codes: report.diagnostics.map(({ code }) => code), image: join(cwd, 'out/mfg_nvs.bin') };
}

const value = (namespace: string, key: string, encoding: string, text: string): Namespaces => ({
  [namespace]: { values: { [key]: { encoding, value: text } } },
});

const pem = fixture('good.key');
const der = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
const keys: [what: string, namespaces: Namespaces][] = [
  ['a PEM as a blob', value('mine', 'k', 'binary', pem)],
  ['a PEM as a string', value('mine', 'k', 'string', pem)],
  ['a PEM in base64', value('mine', 'k', 'base64', Buffer.from(pem).toString('base64'))],
  ['a DER in hexadecimal', value('mine', 'k', 'hex2bin', der.toString('hex'))],
  ['the text of a DER in base64', value('mine', 'k', 'string', der.toString('base64'))],
  ['where the firmware looks for a key', value('mqtt_key', 'mqtt_key', 'binary', pem)],
  ['among certificates', value('mqtt_ca', 'note', 'string', pem)],
  ['beside the key that the firmware looks up', value('mqtt_key', 'password', 'string', 'hunter2')],
  ['a file in a namespace of no kind', { mine: { files: { env: 'X' } } }],
];

describe('an image with a private key is for its owner alone', { skip: onWindows }, () => {
  // Without it every user of the machine could read the key out of the image.
  for (const [what, namespaces] of keys) {
    test(what, async (t) => {
      process.env.X = pem;
      t.after(() => delete process.env.X);
      const { image, codes } = await built(t, namespaces);
      assert.deepEqual(codes, []);
      assert.equal((statSync(image).mode & 0o777).toString(8), '600');
    });
  }

  test('also in a factory parameter', async (t) => {
    const cwd = scratch(t);
    mkdirSync(join(cwd, 'factory_param'));
    writeFileSync(join(cwd, 'factory_param/factory_param_type.csv'), 'param_name,offset,type\nnote,0,data,string\n');
    const csv = 'platform,module_name,description,note\nPLATFORM_ESP32,WROOM-32,x,y\n';
    writeFileSync(join(cwd, 'factory_param/factory_param_data.csv'), csv);
    writeFileSync(join(cwd, 'factory_param/factory_param_type.csv'), 'note,data,string\n');
    const namespaces = { factory_param: { module: 'WROOM-32', note: pem } };
    const partitions = { mfg_nvs: { offset: '0x21000', size: '64K', namespaces } };
    writeFileSync(join(cwd, 'pki.config.json'), JSON.stringify({ outDir: 'out', partitions }));
    assert.deepEqual((await build({ cwd })).diagnostics, []);
    assert.equal((statSync(join(cwd, 'out/mfg_nvs.bin')).mode & 0o777).toString(8), '600');
  });

  test('and an image without one is not', async (t) => {
    const { image } = await built(t, value('mine', 'k', 'string', 'hello'));
    assert.notEqual((statSync(image).mode & 0o777).toString(8), '600');
  });
});

// Without it an expired certificate would reach devices because it stands in the config, not in a file.
test('a value under a key that the firmware looks up is checked as a file is, at its line', async (t) => {
  const expired = fixture('expired.crt');
  const { report } = await built(t, value('mqtt_cert', 'mqtt_cert', 'binary', expired));
  assert.deepEqual(
    report.diagnostics.map(({ code, line, partition }) => [code, line, partition]),
    [['expired', 12, 'mfg_nvs']],
  );
  const wrong: [namespaces: Namespaces, expected: string[]][] = [
    [value('client_cert', 'client_cert.0', 'string', expired), ['expired']],
    [value('mqtt_ca', 'mqtt_ca', 'binary', pem), ['private-key-exposed']],
    [value('mqtt_key', 'mqtt_key', 'string', 'nonsense'), ['unparsable']],
    [value('client_ca', 'client_ca.1', 'binary', fixture('good_ca.crt')), ['set-incomplete']],
    // The firmware looks for none of these.
    [value('mqtt_key', 'note', 'string', 'nonsense'), []],
    [value('mqtt_key', 'mqtt_key', 'u8', '7'), []],
    [value('mine', 'mine', 'string', 'nonsense'), []],
    [{ mine: { type: 'key', values: { mine: { encoding: 'string', value: 'nonsense' } } } }, ['unparsable']],
  ];
  for (const [namespaces, expected] of wrong) {
    assert.deepEqual((await built(t, namespaces)).codes, expected, JSON.stringify(namespaces).slice(0, 60));
  }
});

test('a certificate in a file and its key in a value are a pair', async (t) => {
  const namespaces = (key: string) => ({
    mqtt_cert: { files: 'good.crt' },
    ...value('mqtt_key', 'mqtt_key', 'binary', key),
  });
  assert.deepEqual((await built(t, namespaces(pem))).codes, []);
  assert.deepEqual((await built(t, namespaces(fixture('other.key')))).codes, ['key-mismatch']);
});

test('every type of value comes into the image as it was written', async (t) => {
  const values = {
    a: { encoding: 'u8', value: 255 },
    b: { encoding: 'i64', value: '-9223372036854775808' },
    c: { encoding: 'u64', value: '18446744073709551615' },
    d: { encoding: 'string', value: 'grüß' },
    e: { encoding: 'hex2bin', value: '00ff' },
    f: { encoding: 'string', value: '' },
    g: { encoding: 'i32', value: -7 },
  };
  const { image, codes } = await built(t, { mine: { values } });
  assert.deepEqual(codes, []);
  const decoded = decode(readFileSync(image));
  assert.ok(decoded.ok);
  assert.deepEqual(
    decoded.value.entries.map(({ type, value: one }) => [type, one instanceof Uint8Array ? [...one] : one]),
    [
      ['u8', 255],
      ['i64', -9223372036854775808n],
      ['u64', 18446744073709551615n],
      ['string', 'grüß'],
      ['blob', [0, 255]],
      ['string', ''],
      ['i32', -7],
    ],
  );
});

test('values that cannot be are refused as before', async (t) => {
  const cases: [encoding: string, text: string, expected: string][] = [
    ['u8', '256', 'nvs-value: key "k": 256 is not a u8, which goes from 0 to 255'],
    ['i32', '9'.repeat(30), 'nvs-value: key "k": 1e+30 is not an i32, which goes from -2147483648 to 2147483647'],
    ['string', 'a\0b', 'nvs-value: the string of key "k" has a NUL at character 2, where the device would stop'],
    // Without it the device would get another character in its place.
    ['string', '\ud800', 'config-value: string takes no half of a surrogate pair: it is not a valid Unicode text'],
    ['binary', '\udc00', 'config-value: binary takes no half of a surrogate pair: it is not a valid Unicode text'],
  ];
  for (const [encoding, text, expected] of cases) {
    const { report } = await built(t, value('mine', 'k', encoding, text));
    assert.deepEqual(
      report.diagnostics.map(({ code, message }) => `${code}: ${message}`),
      [expected],
    );
  }
});

// Without it a property would be accepted and change nothing.
describe('a property that does nothing where it stands is refused there', () => {
  const namespaces = { mqtt_ca: { files: 'good.crt' } };
  const values = { a: { encoding: 'u8', value: 1 } };
  const image = { size: '64K', namespaces };
  const cases: [partitions: object, expected: string][] = [
    [
      { mfg_nvs: { ...image, nul: true } },
      'config-conflict: "nul" is for a namespace of an NVS image, not for the image → move it into the namespaces that need it: "namespaces": {"wpa2_ca":{"nul":true}}',
    ],
    [
      { mfg_nvs: { ...image, order: 'natural' } },
      'config-conflict: "order" is for a namespace of an NVS image, not for the image → move it into the namespaces that need it: "namespaces": {"wpa2_ca":{"order":"natural"}}',
    ],
    [
      { mfg_nvs: { ...image, type: 'ca' } },
      'config-conflict: "type" is for a namespace of an NVS image, not for the image → move it into the namespaces that need it: "namespaces": {"wpa2_ca":{"type":"ca"}}',
    ],
    [
      { mfg_nvs: { size: '64K', namespaces: { wpa2_ca: { values, nul: true } } } },
      'config-conflict: "nul" is for files, and wpa2_ca has values alone → leave it out, or add "files"',
    ],
    ...(['version', 'profile', 'compat'] as const).map((property): [object, string] => [
      {
        mqtt_ca: {
          size: '8K',
          files: 'good.crt',
          [property]: { version: 1, profile: 'new', compat: 'firmware' }[property],
        },
      },
      `config-conflict: "${property}" is for NVS images, and mqtt_ca is atpki → leave "${property}" out`,
    ]),
  ];
  for (const [partitions, expected] of cases) {
    test(expected.slice(17, 60), async (t) => {
      const { cwd, report } = await built(t, namespaces, { partitions });
      const [first] = report.diagnostics;
      assert.equal(`${first?.code}: ${first?.message} → ${first?.hint}`, expected);
      assert.ok(first?.line);
      assert.equal((await atPki(cwd, 'check')).code, 2);
    });
  }

  test('severities beside a program or variable', async (t) => {
    for (const source of [{ exec: ['true'] }, { env: 'X' }]) {
      const partitions = { mqtt_ca: { size: '8K', files: { ...source, checks: { expired: 'off' } } } };
      const { report } = await built(t, namespaces, { partitions });
      assert.match(report.diagnostics[0]?.message ?? '', /^"checks" does not go with/);
    }
  });
});
