import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareValues, mergeValues, type NvsPartition } from '../../src/flash/nvs-values.ts';
import {
  entryText,
  leftOversReplaced,
  valuesKept,
  valuesReplaced,
  valuesUndecided,
} from '../../src/flash/nvs-values-text.ts';
import { decode } from '../../src/formats/nvs/decode.ts';
import { encode } from '../../src/formats/nvs/encode.ts';
import type { NvsContent, NvsEntry } from '../../src/formats/nvs/model.ts';
import type { NamespacePlan } from '../../src/sources/partition.ts';
import { active, flash, namespace as namespaceItem } from '../support/nvs-builder.ts';
import { anyContent, filled } from '../support/nvs-content.ts';

const size = 0x10000;
const planOf = (name: string): NamespacePlan => ({ name, sources: [], nul: false, values: [] });
const partition = (...namespaces: readonly string[]): NvsPartition => ({
  name: 'mfg_nvs',
  size,
  nvs: { profile: 'new', version: 2, naming: 'firmware', namespaces: namespaces.map(planOf) },
});

const blob = (namespace: string, key: string, seed = 1, length = 100): NvsEntry => ({
  namespace,
  key,
  type: 'blob',
  value: filled(length, seed),
});
const number = (namespace: string, key: string, value: number): NvsEntry => ({ namespace, key, type: 'i32', value });
const string = (namespace: string, key: string, value: string): NvsEntry => ({ namespace, key, type: 'string', value });

function imageOf(...entries: readonly NvsEntry[]): Uint8Array {
  const encoded = encode({ entries }, { size });
  assert.ok(encoded.ok);
  return encoded.value.image;
}

function compared(held: Uint8Array, planned: Uint8Array, of = partition()) {
  const values = compareValues(of, held, planned);
  assert.ok(values.ok, values.ok ? '' : values.error.message);
  return values.value;
}

const names = (entries: readonly NvsEntry[]) => entries.map(({ namespace, key }) => `${namespace}/${key}`);

test('values of the device that the image lacks are found, in its namespaces and in others', () => {
  const planned = imageOf(blob('https_ca', 'https_ca.0'), number('factory_param', 'uart_baudrate', 115200));
  const held = imageOf(
    blob('https_ca', 'https_ca.0'),
    number('factory_param', 'uart_baudrate', 115200),
    number('factory_param', 'my_mark', 7),
    string('site', 'name', 'Kista'),
  );
  const { onlyOnDevice, leftOver, changed, diagnostics } = compared(held, planned);
  assert.deepEqual(names(onlyOnDevice), ['factory_param/my_mark', 'site/name']);
  assert.deepEqual([leftOver, changed, diagnostics], [[], [], []]);
});

test('a value that both have is the update where it differs, also where only its type does', () => {
  const planned = imageOf(number('a', 'rate', 9600), number('a', 'same', 1), string('a', 'kind', '5'));
  const held = imageOf(number('a', 'rate', 115200), number('a', 'same', 1), number('a', 'kind', 5));
  const { onlyOnDevice, changed } = compared(held, planned);
  assert.deepEqual(onlyOnDevice, []);
  assert.deepEqual(changed, [number('a', 'rate', 9600), string('a', 'kind', '5')]);
});

test('what a longer list left behind is replaced; what AT+SYSMFG wrote beside the list is kept', () => {
  const planned = imageOf(
    blob('https_ca', 'https_ca.0'),
    blob('mqtt_key', 'mqtt_key'),
    string('ble_data', 'cfg0', 'a'),
  );
  const held = imageOf(
    ...[blob('https_ca', 'https_ca.0', 5), blob('https_ca', 'https_ca.1'), blob('https_ca', 'https_ca')],
    ...[blob('https_ca', 'https_ca.old'), blob('mqtt_key', 'mqtt_key'), blob('mqtt_key', 'mqtt_key.0')],
    ...[string('ble_data', 'cfg0', 'a'), string('ble_data', 'cfg1', 'b'), string('ble_data', 'note', 'c')],
    // Nobody plans these: they are another's.
    ...[blob('wss_ca', 'wss_ca.0'), blob('wss_ca', 'wss_ca.1')],
  );
  const { onlyOnDevice, leftOver, changed } = compared(held, planned);
  assert.deepEqual(names(leftOver), [
    'https_ca/https_ca.1',
    'https_ca/https_ca',
    'mqtt_key/mqtt_key.0',
    'ble_data/cfg1',
  ]);
  assert.deepEqual(names(onlyOnDevice), [
    'https_ca/https_ca.old',
    'ble_data/note',
    'wss_ca/wss_ca.0',
    'wss_ca/wss_ca.1',
  ]);
  assert.deepEqual(names(changed), ['https_ca/https_ca.0']);
  // A namespace that the plan names is its own, even if nothing is in it now.
  const without = compared(held, planned, partition('wss_ca'));
  assert.deepEqual(names(without.onlyOnDevice), ['https_ca/https_ca.old', 'ble_data/note']);
});

test('merged, the image holds all of its own and what was kept, and nothing is left to do the next time', () => {
  const planned = imageOf(blob('https_ca', 'https_ca.0'), number('factory_param', 'uart_baudrate', 115200));
  const held = imageOf(
    ...[blob('https_ca', 'https_ca.0', 9), blob('https_ca', 'https_ca.1'), number('factory_param', 'my_mark', 7)],
    ...[string('site', 'name', 'Kista'), blob('site', 'map', 3, 6000)],
  );
  const { onlyOnDevice } = compared(held, planned);
  const merged = mergeValues(partition(), planned, onlyOnDevice);
  assert.ok(merged.ok);
  const decoded = decode(merged.value.image);
  assert.ok(decoded.ok);
  assert.deepEqual(decoded.value.warnings, []);
  assert.deepEqual(names(decoded.value.entries), [
    ...['https_ca/https_ca.0', 'factory_param/uart_baudrate', 'factory_param/my_mark', 'site/name', 'site/map'],
  ]);
  assert.deepEqual(decoded.value.entries[0], blob('https_ca', 'https_ca.0'));

  const again = mergeValues(partition(), planned, compared(merged.value.image, planned).onlyOnDevice);
  assert.ok(again.ok);
  assert.deepEqual(again.value.image, merged.value.image);
});

test('merged with nothing, random images of both profiles and versions are what they were', () => {
  const settings = fc.record({
    profile: fc.constantFrom('new' as const, 'legacy' as const),
    version: fc.constantFrom(1 as const, 2 as const),
  });
  fc.assert(
    fc.property(
      settings.chain((one) => fc.tuple(fc.constant(one), anyContent({ version: one.version, entries: 30 }))),
      ([one, content]) => {
        const encoded = encode(content, { size, ...one });
        if (!encoded.ok) return;
        const { image } = encoded.value;
        const nvs = { ...one, naming: 'firmware', namespaces: [] } as const;
        const merged = mergeValues({ name: 'mfg_nvs', size, nvs }, image, []);
        assert.ok(merged.ok);
        assert.deepEqual(merged.value.image, image);
      },
    ),
    { numRuns: 60 },
  );
});

test('random values of a device are kept by a merge, each as it was, and the image wins where both have one', () => {
  const key = ({ namespace, key: name }: NvsEntry) => JSON.stringify([namespace, name]);
  const contentIn = ({ entries }: NvsContent) => new Map(entries.map((entry) => [key(entry), entry]));
  fc.assert(
    fc.property(anyContent({ entries: 20, largest: 2000 }), anyContent({ entries: 20, largest: 2000 }), (a, b) => {
      // Some of the names are shared.
      const shared = b.entries.slice(0, 3).filter((one) => !contentIn(a).has(key(one)));
      const planned = imageOf(...a.entries, ...shared.map(({ namespace, key: name }) => number(namespace, name, 1)));
      const held = imageOf(...b.entries);
      const merged = mergeValues(partition(), planned, compared(held, planned).onlyOnDevice);
      if (!merged.ok) return;
      const decoded = decode(merged.value.image);
      const own = decode(planned);
      assert.ok(decoded.ok && own.ok);
      const result = contentIn(decoded.value);
      assert.deepEqual(result, new Map([...contentIn({ entries: b.entries }), ...contentIn(own.value)]));
    }),
    { numRuns: 40 },
  );
});

test('what does not fit is refused with the numbers', () => {
  const planned = imageOf(blob('https_ca', 'https_ca.0', 1, 30_000));
  const merged = mergeValues(partition(), planned, [blob('site', 'map', 2, 40_000)]);
  assert.ok(!merged.ok);
  const [problem] = merged.error;
  assert.equal(problem?.code, 'partition-full');
  assert.match(
    problem?.message ?? '',
    /^mfg_nvs with 1 value of the device: the entries need [\d,]+ slots on 18 pages, 64K offer 1,890 on 15:/,
  );
  assert.match(problem?.hint ?? '', /AT\+SYSMFG=0.*--overwrite/);
});

test('erased flash has no values; something else than NVS has none either, which is said', () => {
  const all = blob('https_ca', 'https_ca.0');
  const planned = imageOf(all);
  const nothing = { onlyOnDevice: [], leftOver: [], changed: [all] };
  assert.deepEqual(compared(new Uint8Array(size).fill(0xff), planned), { ...nothing, diagnostics: [] });
  const { diagnostics, ...values } = compared(filled(size, 3), planned);
  assert.deepEqual(values, nothing);
  assert.deepEqual(
    diagnostics.map(({ code, severity, message }) => [code, severity, message]),
    [
      [
        'nvs-damage',
        'warning',
        'what the device holds in mfg_nvs is no NVS, and so there are no values to keep: none of its 16 pages has the header of an NVS page',
      ],
    ],
  );
});

test('an encrypted NVS is never taken for an empty one', () => {
  const items = [namespaceItem('site', 1), { namespace: 1, type: 'u8', key: 'a', value: 1 }] as const;
  const held = flash(
    { state: active, items: items.map((item) => ({ ...item, broken: 'head' })) },
    ...Array.from({ length: 15 }, () => undefined),
  );
  const values = compareValues(partition(), held, imageOf(blob('https_ca', 'https_ca.0')));
  assert.ok(!values.ok);
  assert.equal(values.error.code, 'nvs-encrypted');
});

test('of a damaged NVS the readable values count, and the damage is said once', () => {
  const rest = Array.from({ length: 13 }, () => undefined);
  const held = flash(
    { items: [namespaceItem('site', 1), { namespace: 1, type: 'u8', key: 'a', value: 1 }] },
    { brokenHeader: true },
    { items: [{ namespace: 1, type: 'u8', key: 'b', value: 1, broken: 'head' }] },
    ...rest,
  );
  const { onlyOnDevice, diagnostics } = compared(held, imageOf(blob('https_ca', 'https_ca.0')));
  assert.deepEqual(names(onlyOnDevice), ['site/a']);
  assert.deepEqual(
    diagnostics.map(({ code, message }) => [code, message]),
    [
      [
        'nvs-damage',
        'the NVS in mfg_nvs of the device is damaged; page 1 is skipped: the checksum of its header is wrong (and 1 more such place)',
      ],
    ],
  );
});

test('a key that the device has under two types is kept as it was written last', () => {
  const entry = (type: 'u8' | 'i8', value: number) => ({ namespace: 1, type, key: 'a', value }) as const;
  const rest = Array.from({ length: 15 }, () => undefined);
  const held = flash({ items: [namespaceItem('site', 1), entry('u8', 1), entry('i8', 2)] }, ...rest);
  const { onlyOnDevice, leftOver } = compared(held, imageOf(blob('https_ca', 'https_ca.0')));
  assert.deepEqual(onlyOnDevice, [{ namespace: 'site', key: 'a', type: 'i8', value: 2 }]);
  assert.deepEqual(leftOver, [{ namespace: 'site', key: 'a', type: 'u8', value: 1 }]);
});

test('names, types and lengths are told, values never', () => {
  const entries = [
    string('wifi', 'pass\u001b[2J', 'hunter2'),
    number('site', 'pin', 4711),
    blob('https_key', 'https_key.1'),
  ];
  assert.equal(entryText(entries[0]!), 'wifi/pass\\x1b[2J (string, 7 bytes)');
  const texts = [valuesKept, valuesReplaced, leftOversReplaced, valuesUndecided].map((say) =>
    say(partition(), entries),
  );
  for (const { message } of texts) {
    assert.match(message, /site\/pin \(i32, 4 bytes\) and https_key\/https_key\.1 \(blob, 100 bytes\)$/);
    assert.doesNotMatch(message, /hunter2|4711/);
  }
  assert.deepEqual(
    texts.map(({ code, severity }) => [code, severity]),
    [
      ['values-kept', 'info'],
      ['values-replaced', 'warning'],
      ['values-replaced', 'info'],
      ['device-values', 'error'],
    ],
  );
});
