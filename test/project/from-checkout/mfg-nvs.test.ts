import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { decode } from '../../../src/formats/nvs/decode.ts';
import { type BuildOptions, type BuildReport, build } from '../../../src/index.ts';
import { fixtures } from '../../support/paths.ts';
import { type Cleanup, scratch } from '../../support/scratch.ts';

const rawData = 'components/customized_partitions/raw_data';
const image = 'build/customized_partitions/mfg_nvs.bin';

const files: Readonly<Record<string, string>> = {
  'module_config/module_esp32_default/at_customize.csv': 'mfg_nvs, data, nvs, 0x21000, 64K\n',
  'module_config/module_esp32_default/partitions_at.csv': 'at_customize, 0x40, 0, 0x20000, 0xE0000\n',
  'module_config/module_esp32_default/IDF_VERSION': 'tag:v5.4.4\n',
  'components/customized_partitions/at_customized_config_dependency.txt': [
    'AT_BLE=y ble_data',
    'AT_SERVER=y server_cert',
    'AT_CLIENT=y client_ca',
    'AT_EAP=y wpa_ent_ca',
    'AT_MQTT=y mqtt_ca',
    'AT_TABLE=y factory_param',
    'AT_TABLE=y mfg_nvs',
  ].join('\n'),
  [`${rawData}/factory_param/factory_param_type.csv`]:
    '# how it is stored\nversion,data,i8\n\nmodule_name,data,string\nuart_tx_pin,data,i32\n',
  [`${rawData}/factory_param/factory_param_data.csv`]: [
    'platform,module_name,description,version,uart_tx_pin,uart_rx_pin',
    'PLATFORM_ESP32,WROOM-32,"4MB, OTA",4,17,16',
    'PLATFORM_ESP32,MINI-1,"4MB, OTA",4,22,19',
    'PLATFORM_ESP32C3,MINI-1,,4,7,6',
  ].join('\n'),
  [`${rawData}/ble_data/gatts_data.csv`]: '# index,uuid\n0,16,0x2800\n1,16,"0x2803"\n',
};

/** A checkout of the era of mfg_nvs, with sets of the fixtures. */
function checkout(t: Cleanup, more: Readonly<Record<string, string>> = {}) {
  const root = scratch(t);
  for (const [name, text] of Object.entries({ ...files, ...more })) {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  for (const set of ['server_cert', 'client_ca', 'mqtt_ca']) {
    cpSync(join(fixtures, 'pki/raw_data', set), join(root, rawData, set), { recursive: true });
  }
  cpSync(join(fixtures, 'pki/raw_data/wpa2_ca'), join(root, rawData, 'wpa_ent_ca'), { recursive: true });
  return {
    path: (...parts: string[]) => join(root, ...parts),
    run: (options: BuildOptions = {}) => build({ cwd: root, ...options }),
    /** `namespace.key` of every entry, integers and strings with their value. */
    entries: () => {
      const decoded = decode(readFileSync(join(root, image)));
      assert.ok(decoded.ok);
      assert.deepEqual(decoded.value.warnings, []);
      return decoded.value.entries.map(({ namespace, key, type, value }) =>
        type === 'blob' ? `${namespace}.${key}` : `${namespace}.${key}=${value}`,
      );
    },
  };
}

const said = ({ diagnostics }: BuildReport, ...severities: string[]): string[] =>
  diagnostics.filter((one) => severities.includes(one.severity)).map(({ code, message }) => `${code}: ${message}`);

const configured = {
  'build/module_info.json': '{"platform": "PLATFORM_ESP32", "module": "MINI-1"}',
  sdkconfig: ['AT_BLE', 'AT_SERVER', 'AT_CLIENT', 'AT_EAP', 'AT_MQTT', 'AT_TABLE']
    .map((one) => `CONFIG_${one}=y\n`)
    .join(''),
};

test('namespaces in the order of the dependency file, then factory_param of the configured module, then ble_data', async (t) => {
  const { run, entries } = checkout(t, configured);
  const report = await run();
  assert.deepEqual(said(report, 'error', 'warning'), []);
  assert.deepEqual(entries(), [
    'server_cert.server_cert',
    'client_ca.client_ca.0',
    'client_ca.client_ca.1',
    'wpa_ent_ca.wpa_ent_ca',
    'mqtt_ca.mqtt_ca',
    'factory_param.version=4',
    'factory_param.module_name=MINI-1',
    'factory_param.uart_tx_pin=22',
    'ble_data.cfg0=0,16,0x2800',
    'ble_data.cfg1=1,16,0x2803',
  ]);
  const [partition] = report.partitions;
  assert.equal(partition?.size, 64 * 1024);
  assert.equal(partition.room?.pages.total, 16);
  assert.deepEqual(
    partition.items.slice(0, 2).map(({ type, namespace, key, length }) => [type, namespace, key, length]),
    [
      ['cert', 'server_cert', 'server_cert', 1103],
      ['ca', 'client_ca', 'client_ca.0', 1107],
    ],
  );
});

test('options that are off leave their namespaces out; comments do not switch them on', async (t) => {
  const { run, entries } = checkout(t, {
    ...configured,
    sdkconfig:
      '# CONFIG_AT_CLIENT=y would be\n# CONFIG_AT_BLE is not set\nCONFIG_AT_MQTT=y\nCONFIG_AT_TABLE=y\nCONFIG_AT_EAP=y\nCONFIG_AT_EAP_LEGACY_NAMESPACE_SUPPORT=y\n',
  });
  assert.deepEqual(said(await run(), 'error', 'warning'), []);
  assert.deepEqual(entries().slice(0, 3), ['wpa2_ca.wpa2_ca', 'mqtt_ca.mqtt_ca', 'factory_param.version=4']);
});

test('without sdkconfig everything goes in, with a note; a guessed module is said with its pins', async (t) => {
  const { run, entries } = checkout(t);
  const report = await run();
  assert.deepEqual(said(report, 'info', 'warning'), [
    `checkout-unconfigured: there is no sdkconfig: everything in ${rawData} goes into mfg_nvs`,
    'factory-guess: the factory parameters are those of WROOM-32: AT port TX 17, RX 16, CTS ?, RTS ?',
  ]);
  assert.ok(entries().includes('factory_param.module_name=WROOM-32'));
});

test('--module by the name of the hardware chooses its factory parameters', async (t) => {
  const { run, entries } = checkout(t, configured);
  assert.deepEqual(said(await run({ module: 'WROOM-32' }), 'error', 'warning'), []);
  assert.ok(entries().includes('factory_param.uart_tx_pin=17'));
});

test('the profile follows the ESP-IDF of the module, and can be named', async (t) => {
  const { path, run } = checkout(t, configured);
  const built = async (options: BuildOptions = {}) => {
    await run(options);
    // Page 15 is used in neither; legacy initialises all pages but the last one.
    return readFileSync(path(image))[14 * 4096] === 0xff ? 'new' : 'legacy';
  };
  assert.equal(await built(), 'new');
  assert.equal(await built({ nvsProfile: 'legacy' }), 'legacy');
  for (const [version, profile] of [
    ['branch:release/v5.0', 'legacy'],
    ['tag:v5.2.1', 'legacy'],
    ['branch:release/v5.3', 'new'],
    ['branch:master', 'new'],
  ] as const) {
    writeFileSync(path('module_config/module_esp32_default/IDF_VERSION'), `${version}\ncommit:abc\n`);
    assert.equal(await built(), profile, version);
  }
});

test('stray files do not change the key, and what the reference would have done is said', async (t) => {
  const { path, run, entries } = checkout(t, configured);
  writeFileSync(path(rawData, 'server_cert/.DS_Store'), 'x');
  writeFileSync(path(rawData, 'mqtt_ca/README.md'), 'x');
  rmSync(path(rawData, 'client_ca/client_ca_01.crt'));
  const report = await run();
  assert.deepEqual(said(report, 'error', 'warning'), [
    "reference-differs: esp-at's own build would store server_cert.crt as server_cert.0, where the firmware never looks; it is server_cert here",
    "reference-differs: esp-at's own build would store client_ca_00.crt as client_ca, where the firmware never looks; it is client_ca.0 here",
    "reference-differs: esp-at's own build would store mqtt_ca.crt as mqtt_ca.0, where the firmware never looks; it is mqtt_ca here",
  ]);
  assert.deepEqual(entries().slice(0, 4), [
    'server_cert.server_cert',
    'client_ca.client_ca.0',
    'wpa_ent_ca.wpa_ent_ca',
    'mqtt_ca.mqtt_ca',
  ]);
});

test('"compat": "reference" makes the image that the reference makes of the same folders', async (t) => {
  const { path, run, entries } = checkout(t, { ...configured, 'pki.config.json': '{ "compat": "reference" }' });
  writeFileSync(path(rawData, 'server_cert/.DS_Store'), 'x');
  rmSync(path(rawData, 'client_ca/client_ca_01.crt'));
  assert.deepEqual(said(await run(), 'error', 'warning'), []);
  assert.deepEqual(entries().slice(0, 2), ['server_cert.server_cert.0', 'client_ca.client_ca']);
});

test('two files for a slot that holds one are an error that names them, and the old image stays', async (t) => {
  const { path, run } = checkout(t, configured);
  await run();
  const old = readFileSync(path(image));
  cpSync(path(rawData, 'mqtt_ca/mqtt_ca.crt'), path(rawData, 'mqtt_ca/second.crt'));
  assert.deepEqual(said(await run(), 'error'), [
    'set-incomplete: mqtt_ca is one slot of the firmware, and there are 2 files for it: mqtt_ca.crt, second.crt',
  ]);
  assert.deepEqual(readFileSync(path(image)), old);
});

test('out of space says what is missing and what is largest, and leaves no file behind', async (t) => {
  const { path, run } = checkout(t, {
    ...configured,
    'module_config/module_esp32_default/at_customize.csv': 'mfg_nvs, data, nvs, 0x21000, 12K\n',
  });
  const one = readFileSync(path(rawData, 'mqtt_ca/mqtt_ca.crt'));
  writeFileSync(path(rawData, 'mqtt_ca/mqtt_ca.crt'), Buffer.concat(Array.from({ length: 11 }, () => one)));
  const report = await run();
  assert.equal(report.ok, false);
  assert.match(
    said(report, 'error').join('\n'),
    /^partition-full: the entries need \d+ slots on 3 pages, 12K offer 252 on 2: \d+ slots and 1 page missing; the largest: mqtt_ca\.mqtt_ca \(19\d slots\), /,
  );
  assert.throws(() => readFileSync(path(image)));
});

test('suffixes that the reference overlooks are taken, and folders may have spaces and commas', async (t) => {
  const { path, run, entries } = checkout(t, configured);
  renameSync(path(rawData, 'mqtt_ca/mqtt_ca.crt'), path(rawData, 'mqtt_ca/a name, with all.CRT'));
  const report = await run();
  assert.deepEqual(said(report, 'error', 'warning'), [
    "reference-differs: esp-at's own build would leave a name, with all.CRT out; it is mqtt_ca here",
  ]);
  assert.ok(entries().includes('mqtt_ca.mqtt_ca'));
});

test('a DER becomes PEM by what it is, and the image holds the same as from the PEM', async (t) => {
  const { path, run } = checkout(t, configured);
  const pem = readFileSync(path(rawData, 'mqtt_ca/mqtt_ca.crt'));
  await run();
  const fromPem = readFileSync(path(image));
  rmSync(path(rawData, 'mqtt_ca/mqtt_ca.crt'));
  writeFileSync(path(rawData, 'mqtt_ca/mqtt_ca.der'), new X509Certificate(pem).raw);
  const report = await run();
  assert.deepEqual(said(report, 'error', 'info').slice(0, 1), [
    `normalized: ${rawData}/mqtt_ca/mqtt_ca.der was changed: DER became PEM (CERTIFICATE)`,
  ]);
  assert.deepEqual(readFileSync(path(image)), fromPem);
});

test('what is no certificate is refused in the slot of one', async (t) => {
  const { path, run } = checkout(t, configured);
  const slot = path(rawData, 'mqtt_ca/mqtt_ca.crt');
  const refused = async () => said(await run(), 'error');
  writeFileSync(slot, 'garbage');
  assert.deepEqual(await refused(), ['unparsable: mqtt_ca.crt is neither PEM nor DER, but other text']);
  cpSync(join(fixtures, 'pki/faults/good.key'), slot);
  assert.match((await refused()).join(), /^private-key-exposed: mqtt_ca\.crt /);
  cpSync(join(fixtures, 'golden/atpki/client_ca.bin'), slot);
  assert.deepEqual(await refused(), [
    'slot-kind: mqtt_ca.crt is a PKI bin, already packed; mfg_nvs takes a CA certificate',
  ]);
  writeFileSync(slot, '');
  assert.deepEqual(await refused(), ['empty-file: mqtt_ca.crt is empty']);
});

test('a factory parameter that cannot be stored is an error of its file', async (t) => {
  const { run } = checkout(t, {
    ...configured,
    [`${rawData}/factory_param/factory_param_type.csv`]: 'version,data,i9\nnope,data,u8\nmodule_name,data,u8\n',
  });
  assert.deepEqual(said(await run(), 'error'), [
    'checkout-file: "i9", the encoding of version, is not known',
    'checkout-file: factory_param_data.csv has no column "nope"',
    'checkout-file: module_name of MINI-1: u8 needs a whole decimal number',
  ]);
});

test('the same input gives the same bytes', async (t) => {
  const { path, run } = checkout(t, configured);
  await run();
  const first = readFileSync(path(image));
  assert.deepEqual((await run()).partitions[0]?.status, 'unchanged');
  rmSync(path(image));
  await run();
  assert.deepEqual(readFileSync(path(image)), first);
});

test('a config says namespaces, values, overrides and NULs', async (t) => {
  const config = {
    rawData,
    partitions: {
      mfg_nvs: {
        offset: '0x21000',
        size: '64K',
        namespaces: {
          https_ca: { files: ['client_ca/*.crt'] },
          wpa2_ca: { files: 'wpa_ent_ca/wpa2_ca.pem', nul: true },
          mine: {
            values: {
              count: { encoding: 'u8', value: 7 },
              big: { encoding: 'u64', value: '18446744073709551615' },
              raw: { encoding: 'hex2bin', value: '00ff' },
            },
          },
          factory_param: { module: 'WROOM-32', uart_tx_pin: 5 },
          ble_data: {},
        },
      },
    },
  };
  const { path, run, entries } = checkout(t, { 'pki.config.json': JSON.stringify(config) });
  const report = await run();
  assert.deepEqual(said(report, 'error', 'warning'), []);
  assert.deepEqual(entries(), [
    'https_ca.https_ca.0',
    'https_ca.https_ca.1',
    'wpa2_ca.wpa2_ca',
    'mine.count=7',
    'mine.big=18446744073709551615',
    'mine.raw',
    'factory_param.version=4',
    'factory_param.module_name=WROOM-32',
    'factory_param.uart_tx_pin=5',
    'ble_data.cfg0=0,16,0x2800',
    'ble_data.cfg1=1,16,0x2803',
  ]);
  const decoded = decode(readFileSync(path(image)));
  const nul = decoded.ok && decoded.value.entries.find(({ namespace }) => namespace === 'wpa2_ca')?.value;
  assert.ok(nul instanceof Uint8Array);
  assert.deepEqual(Buffer.from(nul), Buffer.from([...readFileSync(path(rawData, 'wpa_ent_ca/wpa2_ca.pem')), 0]));
});

test('mistakes in namespaces are at their places', async (t) => {
  const config = `{
  "rawData": "${rawData}",
  "partitions": {
    "mfg_nvs": { "offset": "0x21000", "size": "64K", "namespaces": {
      "mine": { "values": { "a": { "encoding": "u8", "value": 300 }, "b": { "encoding": "u8", "value": "x" } } },
      "factory_param": { "module": "WROOM-33", "uart_tx_pin": 5 },
      "this_namespace_is_long": { "files": "mqtt_ca" }
    } }
  }
}`;
  const { run } = checkout(t, { 'pki.config.json': config });
  const report = await run();
  assert.deepEqual(
    report.diagnostics.map(
      ({ code, line, column, message, hint }) => `${line}:${column} ${code}: ${message} → ${hint}`,
    ),
    [
      '5:104 config-value: u8 needs a whole decimal number → digits alone, with a sign if need be',
      '6:36 config-value: factory_param_data.csv has no module "WROOM-33" → did you mean "WROOM-32"?',
    ],
  );
});
