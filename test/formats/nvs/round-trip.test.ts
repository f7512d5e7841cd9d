import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decrypt, encrypt } from '../../../src/formats/nvs/crypto.ts';
import { decode } from '../../../src/formats/nvs/decode.ts';
import { deleteEntry, editImage, setEntry, settingsOf } from '../../../src/formats/nvs/edit.ts';
import { encode } from '../../../src/formats/nvs/encode.ts';
import { keysFromRandom } from '../../../src/formats/nvs/keys.ts';
import type { NvsContent, NvsEntry, NvsSettings } from '../../../src/formats/nvs/model.ts';
import { place } from '../../../src/formats/nvs/placement.ts';
import { anyContent, filled } from '../../support/nvs-content.ts';
import { mount } from '../../support/nvs-reader.ts';

const anySettings = fc.record({
  version: fc.constantFrom(1 as const, 2 as const),
  profile: fc.constantFrom('new' as const, 'legacy' as const),
  /** Further pages than are needed. */
  spare: fc.nat(3),
});

interface Case {
  readonly content: NvsContent;
  readonly settings: Required<NvsSettings>;
}

/** Content in a partition that just holds it, or has a few pages to spare. */
const anyCase: fc.Arbitrary<Case> = anySettings.chain(({ version, profile, spare }) =>
  anyContent({ version }).map((content) => {
    const pages = Math.max(3, place(content, version).pages + 1 + spare);
    return { content, settings: { version, profile, size: pages * 4096 } };
  }),
);

function imageOf(content: NvsContent, settings: NvsSettings): Uint8Array {
  const encoded = encode(content, settings);
  assert.ok(encoded.ok, encoded.ok ? '' : encoded.error.map((problem) => problem.message).join('; '));
  return encoded.value.image;
}

function contentOf(image: Uint8Array) {
  const decoded = decode(image);
  assert.ok(decoded.ok);
  assert.deepEqual(decoded.value.warnings, []);
  return decoded.value;
}

// deepEqual tells a Buffer or a view from the array it equals; plain arrays compare by content.
const plain = (entries: readonly NvsEntry[]) =>
  entries.map((entry) =>
    entry.value instanceof Uint8Array ? { ...entry, value: Buffer.from(entry.value).toString('hex') } : entry,
  );

test('what was encoded is decoded as it was, up to a full partition, in both versions and profiles', () => {
  fc.assert(
    fc.property(anyCase, ({ content, settings }) => {
      const decoded = contentOf(imageOf(content, settings));
      assert.deepEqual(plain(decoded.entries), plain(content.entries));
      assert.deepEqual(decoded.namespaces, content.namespaces);
    }),
    { numRuns: 150 },
  );
});

test('an image that was decoded is encoded to the same bytes, its own settings found again', () => {
  fc.assert(
    fc.property(anyCase, ({ content, settings }) => {
      const image = imageOf(content, settings);
      const decoded = contentOf(image);
      // A legacy image of one page that is full by chance in `new`'s way cannot be told from it, nor needs to be.
      assert.deepEqual(settingsOf(decoded), settings);
      assert.equal(Buffer.compare(imageOf(decoded, settings), image), 0);
    }),
    { numRuns: 60 },
  );
});

test('the firmware reads every value of every image', () => {
  fc.assert(
    fc.property(anyCase, ({ content, settings }) => {
      const nvs = mount(imageOf(content, settings));
      assert.deepEqual(nvs.namespaces(), content.namespaces);
      for (const { namespace, key, type, value } of content.entries) {
        if (type === 'blob') assert.equal(Buffer.compare(nvs.blob(namespace, key), value), 0);
        else if (type === 'string') assert.equal(nvs.string(namespace, key).toString(), value);
        else assert.equal(nvs.integer(namespace, key, type), BigInt(value));
      }
      for (const namespace of content.namespaces ?? []) {
        assert.equal(nvs.count(namespace), content.entries.filter((entry) => entry.namespace === namespace).length);
      }
    }),
    { numRuns: 100 },
  );
});

test('an encrypted image decrypts to the plain one, and is not the plain one', () => {
  fc.assert(
    fc.property(anyCase, fc.nat(), ({ content, settings }, seed) => {
      const image = imageOf(content, settings);
      const keys = keysFromRandom(filled(64, seed));
      const encrypted = encrypt(image, keys);
      assert.ok(encrypted.ok);
      assert.equal(Buffer.compare(decrypt(encrypted.value, keys), image), 0);
      const read = decode(encrypted.value);
      assert.ok(read.ok);
      assert.deepEqual(read.value.entries, []);
      assert.ok(read.value.looksEncrypted);
    }),
    { numRuns: 40 },
  );
});

test('setting a key in an image is setting it in its entries', () => {
  fc.assert(
    fc.property(anyCase, anyContent({ version: 1, entries: 5 }), fc.nat(), ({ content, settings }, others, pick) => {
      const roomy = { ...settings, size: settings.size + 10 * 4096 };
      const decoded = contentOf(imageOf(content, roomy));
      const [other] = others.entries;
      if (other === undefined) return;
      // Half of the time a key that is there, with another value.
      const present = content.entries[pick % (2 * content.entries.length + 1)];
      const entry: NvsEntry = present ? { ...other, namespace: present.namespace, key: present.key } : other;
      const edited = editImage(decoded, setEntry(entry));
      const index = content.entries.findIndex((one) => one.namespace === entry.namespace && one.key === entry.key);
      const entries = index < 0 ? [...content.entries, entry] : content.entries.with(index, entry);
      assert.ok(edited.ok);
      assert.equal(Buffer.compare(edited.value.image, imageOf({ ...content, entries }, roomy)), 0);
    }),
    { numRuns: 60 },
  );
});

test('deleting a key or a namespace from an image is deleting it from its entries', () => {
  fc.assert(
    fc.property(anyCase, fc.nat(), fc.boolean(), ({ content, settings }, pick, whole) => {
      const victim = content.entries[pick % Math.max(1, content.entries.length)];
      if (victim === undefined) return;
      const { namespace, key } = victim;
      const edited = editImage(contentOf(imageOf(content, settings)), deleteEntry(namespace, whole ? undefined : key));
      assert.ok(edited.ok);
      const expected: NvsContent = whole
        ? {
            namespaces: content.namespaces?.filter((one) => one !== namespace) ?? [],
            entries: content.entries.filter((one) => one.namespace !== namespace),
          }
        : { ...content, entries: content.entries.filter((one) => one !== victim) };
      assert.equal(Buffer.compare(edited.value.image, imageOf(expected, settings)), 0);
    }),
    { numRuns: 60 },
  );
});

test('what is not there cannot be deleted, and a near name is shown', () => {
  const content: NvsContent = { entries: [{ namespace: 'mqtt_ca', key: 'mqtt_ca', type: 'u8', value: 1 }] };
  const noKey = deleteEntry('mqtt_ca', 'mqtt_c')(content);
  assert.ok(!noKey.ok);
  assert.deepEqual(noKey.error[0]?.message, 'namespace "mqtt_ca" has no key "mqtt_c"');
  assert.deepEqual(noKey.error[0]?.hint, 'did you mean "mqtt_ca"?');
  assert.equal(deleteEntry('factory_param')(content).ok, false);
});
