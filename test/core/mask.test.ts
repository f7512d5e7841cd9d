import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { maskSecrets } from '../../src/core/mask.ts';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const der = privateKey.export({ type: 'pkcs8', format: 'der' });

const plain = [
  'Error: mqtt/key is not in the password store.',
  'gpg: decryption failed: No secret key',
  'error connecting to https://vault.example.com:8200/v1/secret: connection refused',
  'permission denied: /home/user/.config/store/production/mqtt/client.key',
  'usage: pass [--clip=line-number] pass-name',
  '',
];
for (const text of plain) {
  test(`a complaint stays as it is: ${text}`, () => assert.equal(maskSecrets(text), text));
}

const hexPairs = (separator: string): string => (der.toString('hex').match(/../g) ?? []).join(separator);

const leaks: [what: string, text: string][] = [
  ['a PEM', pem],
  ['a PEM that is cut off', pem.slice(0, 120)],
  ['a line of it', pem.split('\n')[1] ?? ''],
  ['hex', der.toString('hex')],
  ['hex in pairs', hexPairs(' ')],
  ['hex as openssl prints it', hexPairs(':').replace(/(.{45})/g, '$1\n    ')],
  ['base64 for URLs', der.toString('base64url')],
];
for (const [what, text] of leaks) {
  test(`nothing is left of ${what}`, () => {
    const shown = maskSecrets(`failed on ${text} (sorry)`);
    assert.match(shown, /^failed on .*\[…\]/s);
    for (const piece of text.match(/[A-Za-z0-9+/]{12,}/g) ?? []) assert.ok(!shown.includes(piece), shown);
    assert.ok(shown.length < 60, shown);
  });
}

test('lines that the program printed as content are left out, whatever they look like', () => {
  assert.equal(maskSecrets('refused: correct horse battery\nbye', ['correct horse battery\n']), 'refused: […]\nbye');
});

test('no piece of random bytes in base64 shows', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 24, maxLength: 200 }), (bytes) => {
      const base64 = Buffer.from(bytes).toString('base64');
      // A run of one letter is no secret, and could be a word.
      fc.pre(new Set(base64).size > 12);
      assert.ok(!maskSecrets(`x ${base64} y`).includes(base64.slice(0, 16)));
    }),
  );
});
