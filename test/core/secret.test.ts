import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { excerpt } from '../../src/core/diagnostics/excerpt.ts';
import { withoutKeys, withoutPem } from '../../src/core/secret.ts';
import { growsLinearly } from '../support/growth.ts';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const body = privateKey.split('\n').slice(1, -2);

/** The longest piece of the key that can be read in a text. */
function leak(text: string): number {
  const key = body.join('');
  const plain = text.replace(/\\n/g, '');
  let longest = 0;
  for (let start = 0; start < plain.length; start++) {
    while (key.includes(plain.slice(start, start + longest + 1)) && start + longest < plain.length) longest++;
  }
  return longest;
}

test('a PEM body is masked, its marks are not', () => {
  const shown = withoutKeys(`before\n${privateKey}behind`);
  assert.equal(shown, `before\n${privateKey.replace(/^(?!-----)\S+$/gm, (line) => '*'.repeat(line.length))}behind`);
});

const pastes: [what: string, text: string][] = [
  ['in JSON', JSON.stringify({ size: privateKey, ofset: 1 })],
  [
    'in JSON that escapes slashes',
    JSON.stringify({ size: privateKey }).replaceAll('/', '\\/').replaceAll('+', '\\u002B'),
  ],
  ['in JSON without its marks', JSON.stringify({ size: body.join('\n') })],
  ['on one line without its marks', `size: ${body.join('')}`],
  ['as a YAML block', `size: |\n${privateKey.replace(/^/gm, '  ')}\nofset: 1`],
  ['with CRLF', privateKey.replaceAll('\n', '\r\n')],
  ['without its end', privateKey.slice(0, 1000)],
  ['as a list of lines', JSON.stringify(privateKey.split('\n'))],
];
for (const [what, text] of pastes) {
  test(`no part of a private key is shown ${what}`, () => {
    const shown = withoutKeys(text);
    assert.ok(leak(shown) < 8, shown);
    assert.equal(shown.length, text.length);
    // Line by line, as excerpts show it: there the last piece of a body, which is short, could be any word.
    for (const [index, line] of text.split(/\r?\n/).entries()) {
      for (let column = 1; column <= line.length; column += 40) {
        const lines = excerpt({ file: '/x', line: index + 1, column, text: line });
        assert.ok(leak(lines.join('\n')) <= (/^\s*[\w+/=]{1,39}$/.test(line) ? 39 : 8), lines[0]);
      }
    }
  });
}

const digits: [what: string, text: string][] = [
  ['hexadecimal of 128 bits', randomBytes(16).toString('hex')],
  ['hexadecimal with 0x', `0x${randomBytes(32).toString('hex')}`],
  ['hexadecimal in capitals', randomBytes(32).toString('hex').toUpperCase()],
  ['pairs with colons', (randomBytes(32).toString('hex').match(/../g) ?? []).join(':')],
  ['pairs with blanks', (randomBytes(16).toString('hex').match(/../g) ?? []).join(' ')],
  ['base64 of 256 bits', `a0${Buffer.from('At-pki: thirty-two bytes of a key').toString('base64')}`],
  ['base64 for addresses', Buffer.from('Aé?>-pki: thirty-two bytes of a k3y??>>').toString('base64url')],
];
for (const [what, text] of digits) {
  test(`masked: ${what}`, () => {
    assert.equal(withoutKeys(`  "value": "${text}",`), `  "value": "${text.replace(/[^ ]/g, '*')}",`);
  });
}

const harmless = [
  '    "client_ca": { "ofset": "0x2e000", "size": "8K" }',
  '"rawData": "components/customized_partitions/raw_data"',
  '"partitionTable": "module_config/module_esp32_default/at_customize.csv"',
  '"$schema": "./node_modules/at-pki/schema/pki.config.schema.json"',
  '"id": "550e8400-e29b-41d4-a716-446655440000"',
  'client_ca,0x40,7,0x2e000,8K',
  '"证书": "密钥"',
  '# ---------------------------------------------',
];
test('names, paths and numbers are shown as they are', () => {
  for (const text of harmless) assert.equal(withoutKeys(text), text);
});

test('of a word that goes on and on, 60 characters are shown', () => {
  assert.equal(withoutKeys('x'.repeat(100)), 'x'.repeat(60) + '*'.repeat(40));
});

test('withoutPem masks nothing else', () => {
  const key = randomBytes(32).toString('hex');
  assert.equal(
    withoutPem(`${key} -----BEGIN X-----\\nabc-----END X-----`),
    `${key} -----BEGIN X-----*****-----END X-----`,
  );
});

test('masking keeps every line and column, and no run of base64 digits above 60 characters', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.base64String({ maxLength: 120 }),
    fc.constantFrom('-----BEGIN PRIVATE KEY-----', '-----END PRIVATE KEY-----', '\n', '\\n', '"'),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = pieces.join('');
      const shown = withoutKeys(text);
      assert.equal(shown.length, text.length);
      assert.deepEqual(
        [...shown.matchAll(/\s/g)].map(({ index }) => index),
        [...text.matchAll(/\s/g)].map(({ index }) => index),
      );
      assert.ok(!/[A-Za-z0-9+/=]{61}/.test(shown), shown);
      assert.equal(withoutKeys(shown), shown);
    }),
  );
});

for (const unit of ['-----BEGIN X-----', '-----END ', 'aB3', '\\', '\\n', 'aa:', 'aa ', '-', '-----BEGIN ']) {
  test(`a text of ${JSON.stringify(unit)}, made to be slow, is masked in linear time`, async () => {
    await growsLinearly(5_000, (size) => {
      const text = unit.repeat(size / unit.length);
      // Another text each time: the last one is remembered.
      let run = 0;
      return () => withoutKeys(`${text} ${run++}`);
    });
  });
}
