import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { certificatesIn } from '../../src/formats/certificates.ts';
import { identify } from '../../src/formats/identify.ts';
import { type Description, describe, isCertificate } from '../../src/pki/describe.ts';
import { holdsPrivateKey } from '../../src/pki/private-key.ts';
import { certificateDer, newKey } from '../support/certificate.ts';
import { fixtures } from '../support/paths.ts';
import { pemBlocks } from '../support/pem.ts';

const folder = join(fixtures, 'pki/faults');
const bytesOf = (name: string): Buffer => readFileSync(join(folder, name));
/** `leaf RSA 2048` for a certificate, else what it is. */
const short = (one: Description): string =>
  isCertificate(one)
    ? `${one.ca ? 'CA ' : ''}${one.subject.replace(/.*CN=(faults )?/, '')}, ${one.key}`
    : [one.what, 'key' in one ? one.key : undefined].filter(Boolean).join(', ');

const files: [name: string, contents: string[]][] = [
  ['good.crt', ['leaf, RSA 2048']],
  ['good_ca.crt', ['CA root, RSA 2048']],
  ['der.crt', ['leaf, RSA 2048']],
  ['der_named.der', ['leaf, RSA 2048']],
  ['bom.crt', ['leaf, RSA 2048']],
  ['crlf.crt', ['leaf, RSA 2048']],
  ['text_before.crt', ['leaf, RSA 2048']],
  ['nul_terminated.crt', ['leaf, RSA 2048']],
  ['chain_leaf_first.pem', ['leaf two, RSA 2048', 'CA intermediate, RSA 2048']],
  ['secp256k1.crt', ['secp256k1, EC secp256k1']],
  ['secp521r1.crt', ['secp521r1, EC P-521']],
  ['ed25519.crt', ['ed25519, Ed25519']],
  ['bad_base64.crt', ['damaged certificate: the character * is no base64']],
  ['garbage_inside.crt', ['damaged certificate: the block CERTIFICATE holds nothing of that kind']],
  ['truncated.crt', ['damaged certificate: the block BEGIN CERTIFICATE has no END line: the file is cut off']],
  ['binary_garbage.crt', ['data']],
  ['blank.crt', ['data']],
  ['empty.crt', ['nothing']],
  ['utf16.crt', ['data']],
  ['public_key.pem', ['public key']],
  ['request.csr', ['certificate request']],
  ['good.key', ['private key, RSA 2048']],
  ['good_pkcs8.key', ['private key, RSA 2048']],
  ['der.key', ['private key, RSA 2048']],
  ['der_pkcs8.der', ['private key, RSA 2048']],
  ['rsa512.key', ['private key, RSA 512']],
  ['secp521r1.key', ['private key, EC P-521']],
  ['ed25519.key', ['private key, Ed25519']],
  ['encrypted_legacy.key', ['encrypted private key']],
  ['encrypted_pkcs8.key', ['encrypted private key']],
  ['key_inside_cert.pem', ['leaf, RSA 2048', 'private key, RSA 2048']],
];
for (const [name, contents] of files) {
  test(`${name}: ${contents.join('; ') || 'nothing'}`, () => {
    assert.deepEqual(describe(bytesOf(name)).map(short), contents);
  });
}

/** Node's own text for such a date, `Bad time value`, became `expired NaN days ago`, and year 0 became 2000. */
for (const [what, from, to] of [
  ['a month 99', '240101000000Z', '249901000000Z'],
  ['30 February', '240101000000Z', '240230000000Z'],
  ['an hour 25', '240101000000Z', '240101250000Z'],
  ['no Z', '240101000000Z', '2401010000000'],
  ['letters', '240101000000Z', 'never ever..Z'],
  ['year 0', '20500101000000Z', '00000101000000Z'],
] as const) {
  test(`a certificate with a date that does not exist is damaged: ${what}`, () => {
    const notBefore = new Date(from.length === 13 ? '2024-01-01T00:00:00Z' : '2050-01-01T00:00:00Z');
    const key = newKey('prime256v1');
    const der = certificateDer({ subject: 'x', key, notBefore, notAfter: new Date('2070-01-01T00:00:00Z') });
    const text = Buffer.from(der).toString('latin1');
    assert.ok(text.includes(from));
    const bytes = Buffer.from(text.replace(from, to), 'latin1');
    const [object] = identify(bytes).objects;
    assert.match(object?.problem ?? '', /^the certificate has a date that does not exist \(byte \d+\)$/);
    assert.deepEqual(describe(bytes), [{ what: `damaged certificate: ${object?.problem}` }]);
    assert.deepEqual(certificatesIn(bytes).certificates, []);
  });
}

test('a certificate with its dates, subject and issuer', () => {
  assert.deepEqual(describe(bytesOf('expired.crt')), [
    {
      what: 'certificate',
      subject: 'O=at-pki fixtures, CN=faults expired',
      issuer: 'O=at-pki fixtures, CN=faults root',
      notBefore: '2015-01-01T00:00:00Z',
      notAfter: '2016-01-01T00:00:00Z',
      key: 'RSA 2048',
      ca: false,
    },
  ]);
});

test('an encrypted DER key, and EC keys in both their forms', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const encrypted = privateKey.export({ format: 'der', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' });
  assert.deepEqual(describe(encrypted), [{ what: 'encrypted private key' }]);
  for (const type of ['pkcs8', 'sec1'] as const) {
    const der = privateKey.export({ format: 'der', type });
    assert.deepEqual(describe(der), [{ what: 'private key', key: 'EC P-256' }]);
    assert.ok(holdsPrivateKey(der));
  }
});

test('control characters in a name come out visible', () => {
  const der = Buffer.from(new X509Certificate(bytesOf('good.crt')).raw);
  der[der.lastIndexOf('faults leaf')] = 0x1b;
  const [one] = describe(der);
  assert.ok(one && isCertificate(one));
  assert.match(one.subject, /CN=\\x1baults leaf/);
});

test('a private key is seen in every file that holds one, and in no certificate', () => {
  const withKey = readdirSync(folder).filter((name) => holdsPrivateKey(bytesOf(name)));
  const expected = readdirSync(folder).filter((name) =>
    describe(bytesOf(name)).some(({ what }) => what.endsWith('private key')),
  );
  assert.deepEqual(withKey, expected);
  assert.ok(withKey.includes('der.key') && withKey.includes('key_where_ca_belongs.crt'));
});

test('PEM blocks: what lies between them is passed over, an unfinished one does not swallow the next', () => {
  const block = (label: string) => `-----BEGIN ${label}-----\nAAAA\n-----END ${label}-----`;
  const blocks = pemBlocks(`text\n${block('A')}\n-----BEGIN B-----\nAAAA\n${block('C')} tail`);
  assert.deepEqual(
    blocks.map(({ label, problem }) => [label, problem !== undefined]),
    [
      ['A', false],
      ['B', true],
      ['C', false],
    ],
  );
  assert.equal(blocks[0]?.text, block('A'));
});

test('what stands in place of a label could be key bytes, and is none', () => {
  const [one] = describe(Buffer.from('-----BEGIN PRIVATE KEY MIIEvQIBADANBgkqhkiG9w0BAQ-----\nAAAA\n'));
  assert.deepEqual(one, { what: 'data' });
});
