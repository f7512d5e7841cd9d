import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { linesWithoutSecrets, rememberKeys, withoutSecrets } from '../../src/core/mask.ts';
import { growsLinearly } from '../support/growth.ts';
import { leakIn } from '../support/leaks.ts';
import { fixtures } from '../support/paths.ts';

// Fixed keys: of random ones a short piece may now and then be as poor in mixture as a name.
const faults = join(fixtures, 'pki/faults');
const rsa = readFileSync(join(faults, 'good.key'), 'latin1');
const certificate = readFileSync(join(faults, 'good.crt'), 'latin1');
const bare = (pem: string): string => pem.replace(/-----[^-]*-----|\n/g, '');
const der = (pem: string): Buffer => Buffer.from(bare(pem), 'base64');
const hexPairs = (bytes: Buffer, between: string): string => (bytes.toString('hex').match(/../g) ?? []).join(between);
const around = (text: string): string => `the size "${text}" is not one; write 8K`;

const made = (type: 'pkcs1' | 'pkcs8' | 'sec1', pair: { privateKey: import('node:crypto').KeyObject }): string =>
  pair.privateKey.export({ type: type as 'pkcs8', format: 'pem' }).toString();
const kinds: Record<string, string> = {
  'PKCS#8 of RSA': made('pkcs8', generateKeyPairSync('rsa', { modulusLength: 2048 })),
  'PKCS#1': made('pkcs1', generateKeyPairSync('rsa', { modulusLength: 2048 })),
  SEC1: made('sec1', generateKeyPairSync('ec', { namedCurve: 'P-256' })),
  'PKCS#8 of a curve': made('pkcs8', generateKeyPairSync('ec', { namedCurve: 'P-384' })),
  Ed25519: made('pkcs8', generateKeyPairSync('ed25519')),
};

/** What a key looks like where it was pasted, quoted and escaped. */
const forms: readonly (readonly [what: string, write: (pem: string) => string])[] = [
  ['whole', (pem) => pem],
  ['in one line', (pem) => pem.replaceAll('\n', ' ')],
  ['without its marks', bare],
  ['without its marks, in lines', (pem) => pem.replace(/-----[^-]*-----\n?/g, '')],
  ['without its dashes', (pem) => pem.replaceAll('-----', '')],
  ['cut off', (pem) => pem.slice(0, Math.ceil(pem.length * 0.7))],
  ['without its first lines', (pem) => pem.slice(100)],
  ['with a blank behind every digit', (pem) => pem.replace(/./g, '$& ')],
  ['in groups of four', (pem) => bare(pem).replace(/.{4}/g, '$& ')],
  ['in groups of eight, with commas', (pem) => bare(pem).replace(/.{8}/g, '$&,')],
  [
    'as columns of a CSV',
    (pem) =>
      pem
        .split('\n')
        .map((line) => `"${line}"`)
        .join(','),
  ],
  ['as JSON', (pem) => JSON.stringify(pem)],
  ['as JSON within JSON', (pem) => JSON.stringify(JSON.stringify(pem))],
  ['as JSON that escapes', (pem) => JSON.stringify(pem).replaceAll('/', '\\/').replaceAll('+', '\\u002b')],
  ['as a list of lines', (pem) => JSON.stringify(pem.split('\n'))],
  ['as a part of a URL', encodeURIComponent],
  ['encoded twice', (pem) => encodeURIComponent(encodeURIComponent(bare(pem)))],
  ['as a YAML block', (pem) => pem.replace(/^/gm, '    ')],
  [
    'as strings of a program',
    (pem) =>
      pem
        .split('\n')
        .map((line) => `'${line}\\n'`)
        .join(' +\n'),
  ],
  ['with its line ends visible', (pem) => pem.replaceAll('\n', '\\x0a')],
  [
    'with numbers of lines',
    (pem) =>
      pem
        .split('\n')
        .map((line, index) => `${index} │ ${line}`)
        .join('\n'),
  ],
  ['as a path', (pem) => `/home/user/${bare(pem)}/a.crt`],
  ['with marks without width', (pem) => pem.replace(/.{20}/g, '$&\u200b')],
  ['in base64 for URLs', (pem) => der(pem).toString('base64url')],
];
for (const [what, write] of forms) {
  test(`a private key is masked ${what}, and the words around it are not`, () => {
    for (const [kind, pem] of Object.entries({ ...kinds, fixed: rsa })) {
      const shown = withoutSecrets(around(write(pem)));
      const standard = shown.replaceAll('-', '+').replaceAll('_', '/');
      assert.equal(leakIn(shown, pem) + leakIn(standard, pem), '', `${kind}: ${shown}`);
      assert.match(shown, /^the size ".*write 8K$/s, kind);
      assert.equal(withoutSecrets(shown), shown, kind);
    }
  });
}

const dumps: readonly (readonly [what: string, text: string])[] = [
  ['in one word', der(rsa).toString('hex')],
  ['in pairs', hexPairs(der(rsa), ' ')],
  ['as openssl prints it', hexPairs(der(rsa), ':').replace(/(.{45})/g, '$1\n    ')],
  ['as an array in C', hexPairs(der(rsa), ', 0x')],
  ['as a string in C', `\\x${hexPairs(der(rsa), '\\x')}`],
  ['in groups of four', der(rsa).toString('hex').replace(/.{4}/g, '$& ')],
  ['cut off', der(rsa).toString('hex').slice(0, 40)],
];
for (const [what, text] of dumps) {
  test(`a private key in hexadecimal is masked ${what}`, () => {
    const shown = withoutSecrets(around(text));
    assert.ok(!/(?:[0-9a-f]{2}[^0-9a-z]{0,6}(?:0x)?){8}/i.test(shown.replaceAll('\\x', '')), shown);
  });
}

test('a certificate, a request and a public key are shown, in PEM, bare, in lines and in hexadecimal', () => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const spki = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const pkcs1 = publicKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  for (const pem of [certificate, spki, pkcs1]) {
    for (const text of [pem, bare(pem), JSON.stringify(pem), der(pem).toString('hex'), hexPairs(der(pem), ':')])
      assert.equal(withoutSecrets(around(text)), around(text));
    assert.deepEqual(linesWithoutSecrets(pem.split('\n')), pem.split('\n'));
  }
  const all = readdirSync(faults).filter((name) => /^[a-z-]+\.crt$/.test(name));
  assert.ok(all.length > 5);
  for (const name of all) {
    const text = readFileSync(join(faults, name), 'latin1');
    if (/PRIVATE|[^\0-\x7f]/.test(text)) continue;
    const der = Buffer.from(/CERTIFICATE-----\s([\s\S]*?)-----END/.exec(text)?.[1] ?? '', 'base64').toString('base64');
    assert.equal(withoutSecrets(der), der, name);
  }
});

test('a key behind a certificate is masked', () => {
  for (const write of [(pem: string) => pem, bare, JSON.stringify]) {
    const shown = withoutSecrets(write(certificate) + write(rsa));
    assert.equal(leakIn(shown, rsa), '');
    assert.ok(leakIn(shown, certificate.replaceAll('CERTIFICATE', 'PRIVATE KEY')) !== '');
  }
});

const digest = (name: string) => createHash(name).update('x').digest('hex');
const harmless = [
  digest('md5'),
  digest('sha1'),
  digest('sha256'),
  hexPairs(createHash('sha256').update('x').digest(), ':'),
  'a0:b1:c2:d3:e4:f5 · ESP32-C3 (QFN32) revision v0.4 at /dev/serial/by-id/usb-Silicon_Labs_CP2102N_0001-if00-port0',
  '/tmp/at-pki-test-AbC1dE/components/customized_partitions/raw_data/mfg_nvs/client_cert.crt',
  'C:\\Users\\Some One\\AppData\\Local\\Temp\\at-pki-test-xYz9Q2\\module_config\\module_esp32c3_default\\at_customize.csv',
  'serial number: 64C5235EED024AA17D9F7A6999B93E92C23408F0\n    public key: SHA-256 4c52faaba6ac0d24',
  '550e8400-e29b-41d4-a716-446655440000',
  'CN=ISRG Root X1, O=Internet Security Research Group, C=US; CN=GTS Root R1, O=Google Trust Services LLC, C=US',
  'client_ca,0x40,7,0x2e000,8K server_cert,0x40,1,0x27000,8K wpa2_key,0x40,4,0x29000,8K',
  'PLATFORM_ESP32C3 ESP32C3 MINI-1 4MB ESP32-C6-4MB WROOM-02 ESP32S2 PLATFORM_ESP8266',
  'Error: error:0909006C:PEM routines:get_name:no start line; ECDSA with SHA-256 over P-256, RSA 2048 bit, SHA1withRSA',
  'module_esp32_default · 2 built, 7 unchanged · 1 warning (12 ms) · 2029-01-01T00:00:00Z to 2031-01-01T00:00:00Z',
  '1, 2, 3, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36',
  'x'.repeat(5000),
  '0'.repeat(300),
  '证'.repeat(200),
];
test('digests, addresses, paths, names and numbers are shown as they are', () => {
  for (const text of harmless) {
    assert.equal(withoutSecrets(text), text);
    assert.equal(withoutSecrets(around(text)), around(text));
  }
});

test('every path of this package is shown as it is', () => {
  const names = readdirSync(join(fixtures, '..', '..'), { recursive: true, encoding: 'utf8' })
    .filter((name) => !/node_modules|\.git\b|\.out/.test(name))
    .map((name) => join('/home/user/projects/at-pki', name));
  for (const name of names) assert.equal(withoutSecrets(name), name);
});

test('a short last line of a key is masked alone, too, once the whole key was read', () => {
  const line = 'qweRtyuiopasdfgh';
  assert.equal(withoutSecrets(around(line)), around(line));
  rememberKeys(rsa.replace(/(\S+)(\n-----END)/, `$1\n${line}Zx1$2`));
  assert.equal(withoutSecrets(around(`${line}Zx1`)), around('***'));
});

test('a key over several lines is masked in each of them', () => {
  const shown = linesWithoutSecrets(['a', ...rsa.trim().split('\n'), 'b']);
  assert.equal(shown.length, rsa.trim().split('\n').length + 2);
  assert.equal(leakIn(shown.join(''), rsa), '');
  assert.deepEqual([shown[0], shown.at(-1)], ['a', 'b']);
});

// A message of a megabyte must not hold a build up for minutes.
for (const unit of [
  ...[
    '-----BEGIN X-----',
    '-----BEGIN PRIVATE KEY-----',
    'BEGIN RSA PRIVATE KEY-----',
    '-----END ',
    'aB3',
    '\\',
    '\\n',
  ],
  ...['aa:', 'aa ', '0x00, ', '-', 'M ', 'MIIEow ', 'ab, cd ', 'a1B2c3D4/', 'lorem ipsum, dolor sit. ', '%25', 'aabb '],
]) {
  test(`a text of ${JSON.stringify(unit)} is masked in time that grows as its length does`, async () => {
    await growsLinearly(6000, (size) => {
      const text = unit.repeat(size / unit.length);
      return () => withoutSecrets(text);
    });
  });
}

const lines = (pem: string): string => pem.replace(/-----[^-]*-----\n?/g, '').trim();
const afterCut: readonly (readonly [what: string, write: (cut: string, key: string) => string])[] = [
  ['in lines', (cut, key) => `${cut}\n${key}`],
  ['after a blank', (cut, key) => `${cut} ${key}`.replaceAll('\n', ' ')],
  ['glued', (cut, key) => `${cut}${key}`.replace(/\n/g, '')],
  ['as JSON', (cut, key) => JSON.stringify(`${cut}\n${key}`)],
];
// The header of a certificate claims a kilobyte: a whole key fits into what is missing of it.
for (const [what, write] of afterCut) {
  test(`a key behind a certificate that is cut off is masked ${what}`, () => {
    for (const [kind, pem] of Object.entries({ ...kinds, fixed: rsa }))
      for (const count of [1, 2, 3, 5]) {
        const cut = lines(certificate).split('\n').slice(0, count).join('\n');
        for (const mark of ['', '-----BEGIN CERTIFICATE-----\n']) {
          const shown = withoutSecrets(around(write(mark + cut, lines(pem))));
          assert.equal(leakIn(shown, pem), '', `${kind}, ${count} lines: ${shown}`);
        }
      }
  });
}

test('a key in hexadecimal behind a certificate, whole or cut off, is masked', () => {
  for (const size of [60, 200, der(certificate).length])
    for (const pem of Object.values(kinds)) {
      const bytes = Buffer.concat([der(certificate).subarray(0, size), der(pem)]);
      const key = der(pem).subarray(20, 40).toString('hex');
      assert.ok(!withoutSecrets(bytes.toString('hex')).includes(key));
      assert.ok(!withoutSecrets(hexPairs(bytes, ':')).replaceAll(':', '').includes(key));
    }
});

// Masked, a user cannot see which file is missing or which device a certificate is for.
const names = [
  'AWSIoTDeviceCert2024Prod01A.crt',
  'CN=Device_7Fa3B9Kq2LmXz8Tn, O=x',
  'CN=AmazonRootCA1G2ForIoT2024Devices',
  'CN=AmazonRootCA1G2ForIoT2024Devices, O=Amazon Web Services, C=US',
  '/var/folders/3k/5Qw8Zr7n1Hs9Xy2B6Tg4Lk0000gn/T',
  '/var/folders/3k/5Qw8Zr7n1Hs9Xy2B6Tg4Lk0000gn/T/at-pki-8fK2aB',
  'A1b2C3d4E5f6G7h8I9j0',
  'module_ESP32C3MiniN4H2AA',
  'iPhone15ProMaxCA2023Device01.crt',
  'GlobalSignRootR3EV2012CA4.pem',
  ...['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'].map(digest),
  hexPairs(createHash('sha512').update('x').digest(), ':'),
  ...['sha1', 'sha256', 'sha384', 'sha512'].flatMap((name) => {
    const base64 = createHash(name).update('x').digest('base64');
    return [`${name}-${base64}`, `${name.toUpperCase()}:${base64.replace(/=+$/, '')}`];
  }),
];
for (const name of names) {
  test(`a name or a digest is shown as it is: ${name.slice(0, 60)}`, () => {
    for (const text of [
      name,
      around(name),
      `There is no file ${name}; did you mean ${name.replace(/(?=\.[a-z]+$)/, 'x')}?`,
    ])
      assert.equal(withoutSecrets(text), text);
    assert.deepEqual(linesWithoutSecrets(['a', name, 'b']), ['a', name, 'b']);
  });
}

test('a short piece of a key is masked beside the mark of a PEM block, beside a key, and among others', () => {
  // The pieces of a key that was read are known.
  const other = readFileSync(join(faults, 'good_pkcs8.key'), 'latin1');
  const piece = bare(other).slice(200, 224);
  assert.equal(withoutSecrets(`see ${piece}.`), `see ${piece}.`);
  for (const text of [
    `-----BEGIN RSA PRIVATE KEY-----\n${piece}`,
    `1: ${bare(other).slice(300, 364)}\n2: ${piece}`,
    (bare(other).slice(400, 500).match(/.{20}/g) ?? []).map((line, index) => `${index}: ${line}`).join('\n'),
    (bare(other).slice(400, 480).match(/.{20}/g) ?? []).join('\n'),
  ])
    assert.equal(leakIn(withoutSecrets(text), other), '', withoutSecrets(text));
});
