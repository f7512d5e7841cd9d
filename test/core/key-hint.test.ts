import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { keyDigits } from '../../src/core/keys/base64.ts';
import { hideDigests } from '../../src/core/keys/digest.ts';
import { digitsOf } from '../../src/core/keys/digits.ts';
import { hexStretches } from '../../src/core/keys/hex.ts';
import { mayShowKey } from '../../src/core/keys/hint.ts';
import { pemBodies } from '../../src/core/keys/pem.ts';

/** The whole search, which the hint spares. */
function showsKey(text: string): boolean {
  const digits = digitsOf(text);
  hideDigests(text, digits);
  return pemBodies(text).length > 0 || hexStretches(text).length > 0 || keyDigits(text, digits).includes(1);
}

// Texts that have barely enough of a key to be found, or barely too little: one for each thing that is looked for.

const repeat = (characters: string, least: number, most: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...characters), minLength: least, maxLength: most });
const [capitals, smalls, decimals] = ['ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz', '0123456789'];

/** Twice, or beside a mark: a short piece needs evidence. */
const beside = (short: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(short, fc.constantFrom('PRIVATE KEY ', 'private '), fc.boolean())
    .map(([text, mark, isTwice]) => `${mark}${text}${isTwice ? ` ${text.slice(2)}` : ''}`);

const piece = fc
  .tuple(repeat(capitals, 3, 5), repeat(smalls, 3, 12), repeat(decimals, 1, 3))
  .chain((parts) => {
    const characters = [...parts.join('')];
    return fc.shuffledSubarray(characters, { minLength: characters.length });
  })
  .map((characters) => characters.join('').padStart(16, 'x'));

const apart = (
  text: fc.Arbitrary<string>,
  sizes: readonly number[],
  separators: readonly string[],
): fc.Arbitrary<string> =>
  fc
    .tuple(text, fc.constantFrom(...sizes), fc.constantFrom('', ...separators))
    .map(([whole, size, separator]) => whole.replace(new RegExp(`.{${size}}`, 'g'), `$&${separator}`));

const spread = apart(
  fc.string({ unit: fc.constantFrom(...capitals, ...smalls, ...smalls, ...decimals), minLength: 40, maxLength: 60 }),
  [1, 2, 5, 9],
  [' ', ', ', '\n'],
);

const hexadecimal = apart(
  fc
    .tuple(fc.constantFrom('', '302e020100', '3082010a020100', '0x302e020103'), repeat('0123456789abcdef', 20, 66))
    .map((parts) => parts.join('')),
  [2, 4],
  [' ', ':', ', ', '-'],
);

/** DER by its first bytes: the length, what comes first, and the rest in small letters. */
const sequence = apart(
  fc
    .tuple(
      fc.constantFrom('3020', '3055', '307f', '308180', '308201a0'),
      fc.constantFrom('020100', '3040', '02010330'),
      fc.constantFrom('0241', '0420', '06092a864886f70d01050c', '301306072a8648ce3d0201', '300506032b6570'),
    )
    .map((parts) => Buffer.concat([Buffer.from(parts.join(''), 'hex'), Buffer.alloc(40, 0x61)]).toString('base64')),
  [1, 3, 6],
  [' ', '=', '"', '|', '\u00a0'],
);

const exponent = beside(
  fc
    .tuple(repeat('x', 0, 12), fc.constantFrom('AgMBAAE', 'IDAQAB', 'CAwEAA'), repeat('y', 0, 12))
    .map((parts) => parts.join('')),
);

const escaped = fc
  .tuple(fc.base64String({ minLength: 16, maxLength: 48 }), fc.constantFrom('%2B', '\\u002b', '&#43;', '\\/', 'A'))
  .map(([text, written]) => text.replace(/[+/]/g, () => written));

for (const [what, texts] of Object.entries({
  piece: beside(piece),
  spread,
  hexadecimal,
  sequence,
  exponent,
  escaped,
})) {
  test(`no key is found where nothing hints at one: ${what}`, () => {
    let found = 0;
    fc.assert(
      fc.property(texts, (text) => {
        if (!showsKey(text)) return;
        found++;
        assert.ok(mayShowKey(text), text);
      }),
      { numRuns: 1000 },
    );
    assert.ok(found > 0, 'none of the texts shows a key: this test is blind');
  });
}

test('nothing hints at a key in what the program says most often', () => {
  const texts = [
    '/tmp/esp-at/out/client_ca.bin: atpki, 2 items, 2,232 bytes',
    '  subject  O=at-pki fixtures, CN=client root 0, emailAddress=root@example.org',
    '  -m, --module NAME    Module: a folder of module_config/ or a row of factory_param_data.csv',
    'partition table, 4 partitions, MD5 d41d8cd98f00b204e9800998ecf8427e, 3,072 bytes',
    'C7:96:1E:0F  valid 2024-01-01 to 2044-01-01 (6,242 days left), 100 % of 0x4000',
  ];
  assert.deepEqual(
    texts.filter((text) => mayShowKey(text)),
    [],
  );
  assert.ok(!mayShowKey(texts.join('\n')));
});
