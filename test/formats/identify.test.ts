import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { holdsPrivateKey, type Identified, identify, mostBytes } from '../../src/formats/identify.ts';
import { encode } from '../../src/formats/nvs/encode.ts';
import { pemOf } from '../../src/pki/to-pem.ts';
import { fixtures } from '../support/paths.ts';

const faults = join(fixtures, 'pki/faults');
const bytesOf = (name: string): Buffer => readFileSync(join(faults, name));

/** `what, encoding: object; object`, with the fault or problem of each object where there is one. */
function summary({ what, encoding, objects }: Identified): string {
  const texts = objects.map(({ type, line, column, fault, problem, encrypted, privateKey }) => {
    const place = line === undefined ? '' : ` @${line}${column === undefined ? '' : `:${column}`}`;
    const form = privateKey ? ` ${privateKey.form}` : encrypted ? ' encrypted' : '';
    return `${type}${form}${place}${fault ? ` (${fault})` : ''}${problem ? ` !${problem}` : ''}`;
  });
  return `${[what, encoding].filter(Boolean).join(', ')}: ${texts.join('; ')}`;
}

const certificate = 'certificate, PEM: certificate @1';
const expected: Record<string, string> = {
  '$(touch pwned);.crt': certificate,
  'bad_base64.crt': `certificate, PEM: certificate @2:1 !the character * is no base64`,
  'binary_garbage.crt': 'data: ',
  'blank.crt': 'empty: ',
  'bom.crt': certificate,
  'brainpoolP256r1.crt': certificate,
  'brainpoolP256r1.key': 'private key, PEM: private key SEC 1 @1',
  'ca_false.crt': certificate,
  'ca_v1_no_basic.crt': certificate,
  'cert_where_key_belongs.key': certificate,
  'chain_leaf_first.pem': 'chain, PEM: certificate @1; certificate @20',
  'chain_unrelated.pem': 'chain, PEM: certificate @1; certificate @20',
  'chain_wrong_order.pem': 'chain, PEM: certificate @1; certificate @20',
  'crlf.crt': certificate,
  'der.crt': 'certificate, DER: certificate',
  'der.key': 'private key, DER: private key PKCS #1',
  'der_named.der': 'certificate, DER: certificate',
  'der_pkcs8.der': 'private key, DER: private key PKCS #8',
  'ed25519.crt': certificate,
  'ed25519.key': 'private key, PEM: private key PKCS #8 @1',
  'empty.crt': 'empty: ',
  'encrypted_legacy.key': 'private key, PEM: private key encrypted @1',
  'encrypted_pkcs8.key': 'private key, PEM: private key encrypted @1',
  'expired.crt': certificate,
  'garbage_inside.crt': `${certificate} !the block CERTIFICATE holds nothing of that kind`,
  'good.crt': certificate,
  'good.key': 'private key, PEM: private key PKCS #1 @1',
  'good_ca.crt': certificate,
  'good_pkcs8.key': 'private key, PEM: private key PKCS #8 @1',
  'key_inside_cert.pem': 'mixed, PEM: certificate @1; private key PKCS #1 @20',
  'key_where_ca_belongs.crt': 'private key, PEM: private key PKCS #1 @1',
  'md5_signed.crt': certificate,
  'no_final_newline.crt': certificate,
  'not_yet_valid.crt': certificate,
  'nul_terminated.crt': certificate,
  'other.key': 'private key, PEM: private key PKCS #1 @1',
  'public_key.pem': 'public key, PEM: public key @1 (label)',
  'request.csr': 'certificate request, PEM: certificate request @1 (label)',
  'rsa1024.crt': certificate,
  'rsa512.key': 'private key, PEM: private key PKCS #1 @1',
  'secp256k1.crt': certificate,
  'secp256k1.key': 'private key, PEM: private key SEC 1 @1',
  'secp521r1.crt': certificate,
  'secp521r1.key': 'private key, PEM: private key SEC 1 @1',
  'sha1_signed.crt': certificate,
  'space in name.crt': certificate,
  'text_before.crt': 'certificate, PEM: certificate @4',
  'truncated.crt': `${certificate} !the block BEGIN CERTIFICATE has no END line: the file is cut off`,
  'unicode-证书.crt': certificate,
  'utf16.crt': `${certificate} (utf-16)`,
};

test('every file of the fixtures is what it is', () => {
  const found = Object.fromEntries(readdirSync(faults).map((name) => [name, summary(identify(bytesOf(name)))]));
  assert.deepEqual(found, expected);
});

test('the good tree: certificates and keys, each readable for the device', () => {
  const root = join(fixtures, 'pki/raw_data');
  for (const folder of readdirSync(root)) {
    for (const name of readdirSync(join(root, folder))) {
      const { what, objects } = identify(readFileSync(join(root, folder, name)));
      assert.equal(what, folder.endsWith('_key') ? 'private key' : 'certificate', name);
      assert.deepEqual(
        objects.map(({ fault, problem }) => fault ?? problem),
        [undefined],
        name,
      );
    }
  }
});

const good = bytesOf('good.crt').toString('latin1');
const body = good.split('\n').slice(1, -2);
const begin = '-----BEGIN CERTIFICATE-----';
const end = '-----END CERTIFICATE-----';
const layouts: [string, string, string?][] = [
  ['CR alone', good.replaceAll('\n', '\r'), 'cr-only'],
  ['all on one line', good.replaceAll('\n', ''), 'one-line'],
  ['all on one line, parted by spaces', good.replaceAll('\n', ' '), 'one-line'],
  ['indented', good.replace(/^/gm, '  '), 'indented'],
  ['indented by tabs', good.replace(/^/gm, '\t'), 'indented'],
  ['line ends written as \\n', good.replaceAll('\n', '\\n'), 'escaped'],
  ['without BEGIN and END', body.join('\n'), 'bare-base64'],
  ['as a trusted certificate', good.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE'), 'label'],
  ['behind a zero byte', `\0${good}`, 'nul'],
  ['with a header', good.replace('\n', '\nComment: mine\n\n'), 'headers'],
  ['UTF-16 without a byte order mark', Buffer.from(good, 'utf16le').toString('latin1'), 'utf-16'],
  ['UTF-16, big-endian', `\xfe\xff${Buffer.from(good, 'utf16le').swap16().toString('latin1')}`, 'utf-16'],
  // What mbedTLS reads all the same.
  ['the base64 in one line of its own', [begin, body.join(''), end, ''].join('\n')],
  ['lines of 76 columns', [begin, ...(body.join('').match(/.{1,76}/g) ?? []), end].join('\n')],
  ['spaces at the ends of lines', good.replaceAll('\n', ' \n')],
  ['only BEGIN and END indented', good.replaceAll('-----B', '  -----B').replaceAll('-----E', '  -----E')],
  ['CRLF and a final zero', `${good.replaceAll('\n', '\r\n')}\0`],
  ['a preamble', `Bag Attributes\n    friendlyName: x\n${good}`],
];
for (const [name, text, fault] of layouts) {
  test(`a certificate ${name} is recognised, and ${fault ? 'known to be unreadable' : 'readable'} for the device`, () => {
    const { objects } = identify(Buffer.from(text, 'latin1'));
    assert.equal(objects.length, 1);
    assert.equal(objects[0]?.certificate?.subject.text, 'O=at-pki fixtures, CN=faults leaf');
    assert.equal(objects[0]?.fault, fault);
  });
}

test('a label that its content does not have is found', () => {
  const { der } = { der: bytesOf('der.key') };
  const problem = (label: string) => identify(pemOf(label, der)).objects[0]?.problem;
  assert.equal(problem('RSA PRIVATE KEY'), undefined);
  assert.equal(problem('PRIVATE KEY'), 'the block PRIVATE KEY holds a PKCS #1 key; its label would be RSA PRIVATE KEY');
  assert.equal(problem('CERTIFICATE'), 'the block CERTIFICATE holds a private key');
});

test('a key is found wherever it hides, and not where it is not', () => {
  const key = bytesOf('der.key');
  const hidden = [
    key,
    key.subarray(0, 700),
    Buffer.concat([key, Buffer.of(0)]),
    Buffer.from(key.toString('base64')),
    Buffer.concat([Buffer.from(good), pemOf('CERTIFICATE', key)]),
    bytesOf('encrypted_pkcs8.key'),
    bytesOf('good.key').subarray(0, 400),
  ];
  for (const [index, bytes] of hidden.entries()) assert.ok(holdsPrivateKey(identify(bytes)), String(index));
  for (const name of ['good.crt', 'der.crt', 'public_key.pem', 'request.csr']) {
    assert.ok(!holdsPrivateKey(identify(bytesOf(name))), name);
  }
});

test('a key whose numbers do not belong together is damaged', () => {
  const key = bytesOf('der.key');
  key[600] = (key[600] ?? 0) ^ 1;
  key[700] = (key[700] ?? 0) ^ 1;
  assert.match(identify(key).objects[0]?.problem ?? '', /its numbers do not belong together/);
});

test('images and containers are told from certificates', () => {
  const what = (bytes: Uint8Array) => identify(bytes).what;
  assert.equal(what(Buffer.from('f1f1010000000000', 'hex')), 'PKI bin');
  const pkcs12 = Buffer.from('308203e7020103308203ad06092a864886f70d010701', 'hex');
  assert.equal(what(Buffer.concat([pkcs12, Buffer.alloc(900)])), 'PKCS #12');
  const pkcs7 = Buffer.from('308203e706092a864886f70d010702a0', 'hex');
  assert.equal(what(Buffer.concat([pkcs7, Buffer.alloc(900)])), 'PKCS #7');
  assert.equal(what(Buffer.from('this is a note\n')), 'text');
  assert.equal(what(Buffer.from('0123456789')), 'text');
  const image = encode(
    { entries: [{ namespace: 'mqtt_ca', key: 'mqtt_ca', type: 'blob', value: bytesOf('good.crt') }] },
    { size: 0x5000 },
  );
  assert.ok(image.ok);
  assert.equal(what(image.value.image), 'NVS image');
  assert.equal(what(Buffer.from(image.value.image).fill(0, 28, 32)), 'data');
});

/** A bundle of 4 MB was called unknown data: the user would look for damage in a good file. */
test('a large PEM is what it is; beyond the largest flash it is said to be too large', () => {
  const pem = bytesOf('good_ca.crt');
  const bundle = Buffer.concat(Array.from({ length: 4000 }, () => pem));
  assert.equal(identify(bundle).what, 'chain');
  assert.equal(identify(bundle).objects.length, 4000);
  assert.equal(identify(Buffer.concat([pem, Buffer.alloc(mostBytes, '\n')])).what, 'oversize');
});
