import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sourceOf } from '../../../src/formats/nvs/content.ts';
import { decode } from '../../../src/formats/nvs/decode.ts';
import { encode } from '../../../src/formats/nvs/encode.ts';
import type { NvsContent, NvsEntry, NvsWriting } from '../../../src/formats/nvs/model.ts';
import { nvsValues } from '../../../src/formats/nvs/values.ts';
import type { StoredValue } from '../../../src/formats/stored-values.ts';
import { active, flash, namespace as namespaceItem } from '../../support/nvs-builder.ts';
import { anyContent, filled } from '../../support/nvs-content.ts';

const size = 0x10000;
/** What is said of an entry. */
function stored(entry: NvsEntry): StoredValue {
  const { namespace, key, type, bytes } = sourceOf(entry);
  return { namespace, key, type, length: type === 'i32' ? 4 : type.endsWith('8') ? 1 : bytes.length };
}

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

const compare = (held: Uint8Array, planned: Uint8Array, owned: readonly string[] = []) =>
  nvsValues.compare(held, planned, { name: 'mfg_nvs', owned });

function compared(held: Uint8Array, planned: Uint8Array, owned: readonly string[] = []) {
  const values = compare(held, planned, owned);
  assert.ok(values.ok, values.ok ? '' : values.error.message);
  return values.value;
}

function merged(held: Uint8Array, planned: Uint8Array, settings: NvsWriting = {}): Uint8Array {
  const image = compared(held, planned).merge({ size, settings });
  assert.ok(image.ok, image.ok ? '' : image.error[0]?.message);
  return image.value;
}

const names = (entries: readonly Pick<NvsEntry, 'namespace' | 'key'>[]) =>
  entries.map(({ namespace, key }) => `${namespace}/${key}`);

test('values of the device that the image lacks are found, in its namespaces and in others', () => {
  const planned = imageOf(blob('https_ca', 'https_ca.0'), number('factory_param', 'uart_baudrate', 115200));
  const held = imageOf(
    blob('https_ca', 'https_ca.0'),
    number('factory_param', 'uart_baudrate', 115200),
    number('factory_param', 'my_mark', 7),
    string('site', 'name', 'Kista'),
  );
  const { onlyOnDevice, leftOver, changed, problems } = compared(held, planned);
  assert.deepEqual(names(onlyOnDevice), ['factory_param/my_mark', 'site/name']);
  assert.deepEqual([leftOver, changed, problems], [[], [], []]);
});

test('a value that both have is the update where it differs, also where only its type does', () => {
  const planned = imageOf(number('a', 'rate', 9600), number('a', 'same', 1), string('a', 'kind', '5'));
  const held = imageOf(number('a', 'rate', 115200), number('a', 'same', 1), number('a', 'kind', 5));
  const { onlyOnDevice, changed } = compared(held, planned);
  assert.deepEqual(onlyOnDevice, []);
  assert.deepEqual(changed, [number('a', 'rate', 9600), string('a', 'kind', '5')].map(stored));
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
  const without = compared(held, planned, ['wss_ca']);
  assert.deepEqual(names(without.onlyOnDevice), ['https_ca/https_ca.old', 'ble_data/note']);
});

test('merged, the image holds all of its own and what was kept, and nothing is left to do the next time', () => {
  const planned = imageOf(blob('https_ca', 'https_ca.0'), number('factory_param', 'uart_baudrate', 115200));
  const held = imageOf(
    ...[blob('https_ca', 'https_ca.0', 9), blob('https_ca', 'https_ca.1'), number('factory_param', 'my_mark', 7)],
    ...[string('site', 'name', 'Kista'), blob('site', 'map', 3, 6000)],
  );
  const image = merged(held, planned);
  const decoded = decode(image);
  assert.ok(decoded.ok);
  assert.deepEqual(decoded.value.warnings, []);
  assert.deepEqual(names(decoded.value.entries), [
    ...['https_ca/https_ca.0', 'factory_param/uart_baudrate', 'factory_param/my_mark', 'site/name', 'site/map'],
  ]);
  assert.deepEqual(decoded.value.entries[0], blob('https_ca', 'https_ca.0'));

  assert.deepEqual(merged(image, planned), image);
});

test('merged with nothing, random images of both profiles and versions are what they were', () => {
  const settings = fc.record({
    profile: fc.constantFrom('new' as const, 'legacy' as const),
    version: fc.constantFrom(1 as const, 2 as const),
  });
  fc.assert(
    fc.property(
      settings.chain((how) => fc.tuple(fc.constant(how), anyContent({ version: how.version, entries: 30 }))),
      ([how, content]) => {
        const encoded = encode(content, { size, ...how });
        if (!encoded.ok) return;
        const { image } = encoded.value;
        assert.deepEqual(merged(new Uint8Array(size).fill(0xff), image, how), image);
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
      const shared = b.entries.slice(0, 3).filter((entry) => !contentIn(a).has(key(entry)));
      const planned = imageOf(...a.entries, ...shared.map(({ namespace, key: name }) => number(namespace, name, 1)));
      const held = imageOf(...b.entries);
      const image = compared(held, planned).merge({ size });
      if (!image.ok) return;
      const decoded = decode(image.value);
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
  const image = compared(imageOf(blob('site', 'map', 2, 40_000)), planned).merge({ size });
  assert.ok(!image.ok);
  const [problem] = image.error;
  assert.equal(problem?.code, 'partition-full');
  assert.match(problem?.message ?? '', /^the entries need [\d,]+ slots on 18 pages, 64K offer 1,890 on 15:/);
});

test('erased flash has no values; something else than NVS has none either, which is said', () => {
  const all = blob('https_ca', 'https_ca.0');
  const planned = imageOf(all);
  const nothing = { onlyOnDevice: [], leftOver: [], changed: [stored(all)] };
  const { merge: _, ...erased } = compared(new Uint8Array(size).fill(0xff), planned);
  assert.deepEqual(erased, { ...nothing, problems: [] });
  const { problems, merge: __, ...values } = compared(filled(size, 3), planned);
  assert.deepEqual(values, nothing);
  const message =
    'what the device holds in mfg_nvs is no NVS, and so there are no values to keep: none of its 16 pages has the header of an NVS page';
  assert.deepEqual(problems, [{ code: 'nvs-damage', message }]);
});

test('an encrypted NVS is never taken for an empty one', () => {
  const items = [namespaceItem('site', 1), { namespace: 1, type: 'u8', key: 'a', value: 1 }] as const;
  const held = flash(
    { state: active, items: items.map((item) => ({ ...item, broken: 'head' })) },
    ...Array.from({ length: 15 }, () => undefined),
  );
  const values = compare(held, imageOf(blob('https_ca', 'https_ca.0')));
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
  const { onlyOnDevice, problems } = compared(held, imageOf(blob('https_ca', 'https_ca.0')));
  assert.deepEqual(names(onlyOnDevice), ['site/a']);
  assert.deepEqual(
    problems.map(({ code, message }) => [code, message]),
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
  assert.deepEqual(onlyOnDevice, [{ namespace: 'site', key: 'a', type: 'i8', length: 1 }]);
  assert.deepEqual(leftOver, [{ namespace: 'site', key: 'a', type: 'u8', length: 1 }]);
});
