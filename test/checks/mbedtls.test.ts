import assert from 'node:assert/strict';
import { createPublicKey, type KeyObject } from 'node:crypto';
import { test } from 'node:test';
import { rootCertificates } from 'node:tls';
import type { Slot } from '../../src/checks/context.ts';
import { runChecks } from '../../src/checks/index.ts';
import { concat } from '../../src/core/bytes.ts';
import { derOf, tags } from '../../src/pki/der.ts';
import { pemOf } from '../../src/pki/to-pem.ts';
import {
  certificateDer,
  certificatePem,
  type ExtensionOrder,
  hex,
  nameDer,
  newKey,
  type Order,
  oidDer,
} from '../support/certificate.ts';
import { contextOf, slot } from '../support/slots.ts';

// What mbedTLS refuses and OpenSSL takes, rule by rule. That mbedTLS does so, test/mbedtls asks mbedTLS itself.

const ec = newKey('prime256v1');
const caKey = newKey('prime256v1');
const rsa = newKey('rsa2048');
const ca: Order = { subject: 'CA', key: caKey, ca: true, maySign: true };
const leaf: Order = { subject: 'device', key: ec, issuer: 'CA', issuerKey: caKey };

interface Verdict {
  readonly codes: string[];
  readonly worst: string;
  readonly deviceCodes: readonly string[];
  readonly text: string;
}

/** What is said of some files, on a release or on any. */
function verdict(slots: readonly Slot[], release?: string): Verdict {
  const found = runChecks(contextOf(slots, { target: release === undefined ? {} : { release } }));
  const worst = ['error', 'warning'].find((severity) => found.some((one) => one.severity === severity)) ?? 'clean';
  return {
    codes: found.map(({ code }) => code),
    worst,
    deviceCodes: found.flatMap(({ deviceCodes = [] }) => deviceCodes),
    text: found.map(({ message, hint }) => `${message} → ${hint}`).join('\n'),
  };
}

const ofCertificate = (order: Order, release?: string, place = 'client_cert'): Verdict =>
  verdict([slot(place, certificatePem(order))], release);

const named = (tag: number): Partial<Order> => ({ fields: { subject: nameDer('device', tag) } });
const times = (...texts: readonly string[]): Partial<Order> => ({
  fields: { validity: derOf(tags.sequence, ...texts.map((text) => derOf(tags.utcTime, Buffer.from(text)))) },
});
const utf8 = (text: string): Uint8Array => derOf(0x0c, Buffer.from(text));
const extension = (oid: string, value: string | Uint8Array, critical = false): ExtensionOrder => ({
  oid,
  critical,
  value: typeof value === 'string' ? hex(value) : value,
});
const permitted = derOf(
  tags.sequence,
  derOf(tags.context(0), derOf(tags.sequence, derOf(0x82, Buffer.from('example')))),
);

const refused: [what: string, order: Partial<Order>, code: string, says: RegExp][] = [
  [
    'critical name constraints',
    { extensions: [extension('2.5.29.30', permitted, true)] },
    '-0x2562',
    /critical extension nameConstraints/,
  ],
  [
    'a critical extension of a vendor',
    { extensions: [extension('1.3.6.1.4.1.99999.1', '0500', true)] },
    '-0x2562',
    /critical extension 1\.3\.6\.1\.4\.1\.99999\.1/,
  ],
  [
    'critical policy constraints',
    { extensions: [extension('2.5.29.36', '3003800100', true)] },
    '-0x2562',
    /policyConstraints/,
  ],
  ['critical CRL points', { extensions: [extension('2.5.29.31', '3000', true)] }, '-0x2562', /cRLDistributionPoints/],
  [
    'critical must-staple',
    { extensions: [extension('1.3.6.1.5.5.7.1.24', '3003020105', true)] },
    '-0x2562',
    /must-staple/,
  ],
  [
    'a critical policy of somebody',
    {
      extensions: [extension('2.5.29.32', derOf(tags.sequence, derOf(tags.sequence, oidDer('2.23.140.1.2.1'))), true)],
    },
    '-0x2080',
    /certificatePolicies/,
  ],
  [
    'an empty extended key usage',
    { extensions: [extension('2.5.29.37', '3000')] },
    '-0x2564',
    /malformed extension extendedKeyUsage/,
  ],
  ['an empty key usage', { extensions: [extension('2.5.29.15', '030100')] }, '-0x2564', /malformed extension keyUsage/],
  [
    'a known extension twice',
    { ca: false, extensions: [extension('2.5.29.19', '3000')] },
    '-0x2500',
    /basicConstraints twice/,
  ],
  [
    'bytes behind an alternative name',
    { extensions: [extension('2.5.29.17', '300382016100')] },
    '-0x2566',
    /malformed extension subjectAltName/,
  ],
  [
    'basic constraints with more in them',
    { extensions: [extension('2.5.29.19', '30080101ff0201000500')] },
    '-0x2566',
    /malformed extension basicConstraints/,
  ],
  ['a NumericString in a name', named(0x12), '-0x23e2', /CN as NumericString/],
  ['a VisibleString in a name', named(0x1a), '-0x23e2', /CN as VisibleString/],
  ['an empty issuer', { fields: { issuer: hex('3000') } }, '-0x23e0', /issuer without a name/],
  ['an empty part of a name', { fields: { subject: hex('30023100') } }, '-0x23e0', /empty part/],
  ['extensions in version 1', { version: 1, ca: false }, '-0x21e6', /of version 1 and has extensions/],
  ['extensions in version 2', { version: 2, ca: false }, '-0x21e6', /of version 2 and has extensions/],
  [
    'a unique ID in version 1',
    { version: 1, fields: { uniqueIds: hex('81020001') } },
    '-0x21e6',
    /of version 1 and has a unique ID/,
  ],
  ['version 4', { version: 4 }, '-0x2580', /of version 4; there are 3/],
];
for (const [what, order, code, says] of refused) {
  test(`${what}: the device does not read the certificate, and prints ${code}`, () => {
    const { codes, worst, deviceCodes, text } = ofCertificate({ ...leaf, ...order });
    assert.deepEqual([codes.includes('refused-form'), worst, deviceCodes[0]], [true, 'error', code], text);
    assert.match(text, says);
    assert.ok(text.includes(`(${code})`));
    // As a CA just the same, and beside others it is left out.
    const asCa = { ...ca, ...order, extensions: order.extensions ?? [] };
    if (order.ca === undefined && order.version === undefined) {
      assert.equal(ofCertificate(asCa, undefined, 'client_ca').worst, 'error');
      const bundle = verdict([slot('client_ca', certificatePem(asCa, ca))]);
      assert.equal(bundle.worst, 'warning', bundle.text);
      assert.match(bundle.text, /remove it from the file: the others still work/);
    }
  });
}

test('what is no fault to mbedTLS is none here', () => {
  const fine: Partial<Order>[] = [
    { extensions: [extension('2.5.29.30', permitted)] },
    { extensions: [extension('2.5.29.32', derOf(tags.sequence, derOf(tags.sequence, oidDer('2.5.29.32.0'))), true)] },
    { extensions: [extension('1.3.6.1.4.1.99999.1', '0500'), extension('1.3.6.1.4.1.99999.1', '0500')] },
    { extensions: [extension('2.5.29.17', '3003820161', true)] },
    named(0x1e),
    named(0x14),
    { fields: { subject: hex('3000') } },
    // Latin-1 in a UTF8String.
    {
      fields: {
        subject: derOf(
          tags.sequence,
          derOf(tags.set, derOf(tags.sequence, hex('0603550403'), derOf(0x0c, hex('4de97269')))),
        ),
      },
    },
    times('240101000000', '440101000000'),
    { version: 1 },
  ];
  for (const order of fine) {
    const { worst, text } = ofCertificate({ ...leaf, ...order });
    assert.equal(worst, 'clean', text);
  }
});

test('dates without seconds, and the 60th second, are read by none', () => {
  for (const time of ['2401010000Z', '240101000060Z', '240101000000+0000']) {
    const { codes, worst } = ofCertificate({ ...leaf, ...times(time, '440101000000Z') });
    assert.deepEqual([codes, worst], [['unparsable'], 'error'], time);
  }
});

test('identifiers of keys that are critical: refused before v4.1; malformed ones from then on', () => {
  const critical = { ...leaf, extensions: [extension('2.5.29.14', '0401aa', true)] };
  const broken = { ...leaf, extensions: [extension('2.5.29.35', '0401aa')] };
  const worstOn = (order: Order) =>
    [undefined, 'v2.4', 'v3.2', 'v4.1'].map((release) => ofCertificate(order, release).worst);
  assert.deepEqual(worstOn(critical), ['warning', 'error', 'error', 'clean']);
  assert.deepEqual(worstOn(broken), ['warning', 'clean', 'clean', 'error']);
  assert.match(ofCertificate(critical).text, /ESP-AT up to v4\.0 do not read it \(-0x2562\)/);
});

const purposeOf = (oid: string): ExtensionOrder => extension('2.5.29.37', derOf(tags.sequence, oidDer(oid)));
const [forServers, forClients, forAny] = ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2', '2.5.29.37.0'].map(purposeOf) as [
  ExtensionOrder,
  ExtensionOrder,
  ExtensionOrder,
];

test('a purpose against the role: an error where the device is the server, else a warning', () => {
  const said = (place: string, ...extensions: readonly ExtensionOrder[]) => {
    const { codes, worst } = ofCertificate({ ...leaf, extensions }, undefined, place);
    return `${codes.filter((code) => code !== 'set-incomplete').join()} ${worst}`;
  };
  assert.equal(said('server_cert', forClients), 'wrong-purpose error');
  assert.equal(said('mqtt_cert', forServers), 'wrong-purpose warning');
  assert.equal(said('client_cert', forServers), 'wrong-purpose warning');
  assert.equal(said('server_cert', forServers), ' clean');
  assert.equal(said('client_cert', forAny), ' clean');
  // keyEncipherment alone.
  assert.equal(said('server_cert', extension('2.5.29.15', '03020520')), 'wrong-purpose error');
  assert.equal(said('https_cert', extension('2.5.29.15', '03020520')), 'wrong-purpose warning');
  // What a set of the user's own is for, nobody knows.
  assert.equal(said('mine_cert', forServers), ' clean');
});

test('a chain has to fit the message of 4,096 bytes in which it is sent', () => {
  const filler = (bytes: number) => extension('1.3.6.1.4.1.99999.2', derOf(tags.octetString, new Uint8Array(bytes)));
  const lengthOf = (bytes: number) => certificateDer({ ...leaf, serial: 0x1111, extensions: [filler(bytes)] }).length;
  // An ECDSA signature has 70 to 72 bytes: the whole is measured, not guessed.
  const root = certificatePem({ ...ca, serial: 0x2222 });
  for (const [wanted, codes] of [
    [4000, []],
    [4200, ['chain-too-long']],
  ] as const) {
    const file = certificatePem({ ...leaf, serial: 0x1111, extensions: [filler(wanted - lengthOf(0) - 11)] });
    assert.deepEqual(verdict([slot('client_cert', file)]).codes, codes);
    const { text, deviceCodes } = verdict([slot('client_cert', concat([file, root]))]);
    assert.match(text, /makes a message of 4,[0-9]{3} bytes; the device can send 4,096 \(2 certificates\)/);
    if (wanted === 4000) assert.match(text, /remove the root at its end, "CN=CA": 4,0[0-9]{2} bytes remain/);
    assert.deepEqual(deviceCodes, ['-0x7500', '-0x6a00']);
  }
});

test('a CA with a path length of 0 over another CA: peers refuse the chain', () => {
  const [rootKey, upperKey] = [newKey('prime256v1'), newKey('prime256v1')];
  const constraints = (bytes: string) => [extension('2.5.29.19', bytes, true)];
  const chain = (limit: string) =>
    certificatePem(
      leaf,
      { subject: 'CA', key: caKey, issuer: 'upper', issuerKey: upperKey, ca: true },
      { subject: 'upper', key: upperKey, issuer: 'root', issuerKey: rootKey, extensions: constraints(limit) },
    );
  const { codes, worst, text } = verdict([slot('client_cert', chain('30060101ff020100'))]);
  assert.deepEqual([codes, worst], [['path-length'], 'warning']);
  assert.match(text, /"CN=upper" has the path length \(pathlen\) 0, and 1 more is between it and the leaf/);
  assert.deepEqual(verdict([slot('client_cert', chain('30060101ff020101'))]).codes, []);
});

const spkiOf = (key: KeyObject): Buffer => createPublicKey(key).export({ type: 'spki', format: 'der' });

test('a compressed point is the same key, and older releases cannot read it', () => {
  const spki = spkiOf(ec);
  const point = spki.subarray(-65);
  const compressed = concat([Uint8Array.of(2 + ((point.at(-1) ?? 0) & 1)), point.subarray(1, 33)]);
  const algorithm = derOf(tags.sequence, hex('06072a8648ce3d0201'), hex('06082a8648ce3d030107'));
  const order = {
    ...leaf,
    fields: { publicKey: derOf(tags.sequence, algorithm, derOf(tags.bitString, Uint8Array.of(0), compressed)) },
  };
  const key = slot('client_key', Buffer.from(ec.export({ type: 'sec1', format: 'pem' })));
  const on = (release?: string) => verdict([slot('client_cert', certificatePem(order)), key], release);
  assert.deepEqual([on().codes, on().worst], [['refused-form'], 'warning']);
  assert.equal(on('v2.4').worst, 'error');
  assert.equal(on('v3.2').worst, 'clean');
  const hybrid = concat([Uint8Array.of(6 + ((point.at(-1) ?? 0) & 1)), point.subarray(1)]);
  const odd = {
    ...leaf,
    fields: { publicKey: derOf(tags.sequence, algorithm, derOf(tags.bitString, Uint8Array.of(0), hybrid)) },
  };
  assert.equal(ofCertificate(odd).worst, 'error');
});

/** An RSA key in PKCS #1 with some of its numbers changed. */
function rsaPem(
  change: Readonly<Record<number, (number: Uint8Array) => Uint8Array>>,
  ...more: readonly Uint8Array[]
): Uint8Array {
  const jwk = rsa.export({ format: 'jwk' });
  const numbers: Uint8Array[] = [jwk.n, jwk.e, jwk.d, jwk.p, jwk.q, jwk.dp, jwk.dq, jwk.qi].map((text) =>
    Buffer.from(text ?? '', 'base64url'),
  );
  const all = [Uint8Array.of(0), ...numbers].map((number, index) => change[index]?.(number) ?? number);
  const integers = all.map((number) =>
    derOf(tags.integer, (number[0] ?? 0) >= 0x80 ? concat([Uint8Array.of(0), number]) : number),
  );
  return pemOf('RSA PRIVATE KEY', derOf(tags.sequence, ...integers, ...more));
}
const plusOne = (number: Uint8Array): Uint8Array => number.with(number.length - 1, (number.at(-1) ?? 0) ^ 2);

test('each number of an RSA key is checked, as mbedTLS does', () => {
  assert.equal(verdict([slot('client_key', rsaPem({}))]).worst, 'clean');
  for (const index of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const { worst, text } = verdict([slot('client_key', rsaPem({ [index]: plusOne }))]);
    assert.equal(worst, 'error', `${index}: ${text}`);
    if (index > 2) assert.match(text, /its numbers do not belong together/);
  }
  const jwk = rsa.export({ format: 'jwk' });
  const [p, q] = [Buffer.from(jwk.p ?? '', 'base64url'), Buffer.from(jwk.q ?? '', 'base64url')];
  assert.match(verdict([slot('client_key', rsaPem({ 4: () => q, 5: () => p }))]).text, /swapped|wrong/);
});

test('forms of keys that mbedTLS does not read, and those that only some do', () => {
  const threePrimes = rsaPem({ 0: () => Uint8Array.of(1) }, derOf(tags.sequence));
  assert.deepEqual(verdict([slot('client_key', threePrimes)]).codes, ['refused-form']);
  const sec1 = ec.export({ type: 'sec1', format: 'der' });
  const pkcs8 = (version: number, ...more: readonly Uint8Array[]) => {
    const algorithm = derOf(tags.sequence, hex('06072a8648ce3d0201'), hex('06082a8648ce3d030107'));
    const key = derOf(tags.sequence, Uint8Array.of(2, 1, version), algorithm, derOf(tags.octetString, sec1), ...more);
    return slot('client_key', pemOf('PRIVATE KEY', key));
  };
  assert.equal(verdict([pkcs8(0)]).worst, 'clean');
  const second = verdict([pkcs8(1, derOf(0x81, Uint8Array.of(0), spkiOf(ec).subarray(-65)))]);
  assert.deepEqual([second.worst, second.deviceCodes], ['error', ['-0x3d80']]);
  const attributes = derOf(tags.context(0));
  const withAttributes = (release?: string) => verdict([pkcs8(0, attributes)], release).worst;
  assert.deepEqual([undefined, 'v3.2', 'v4.1'].map(withAttributes), ['warning', 'clean', 'error']);
});

test('of several keys the device takes one by its label: that one is judged, and the others are told of', () => {
  const old = newKey('prime256v1');
  const file = concat([
    Buffer.from(ec.export({ type: 'pkcs8', format: 'pem' })),
    Buffer.from(old.export({ type: 'sec1', format: 'pem' })),
  ]);
  const of = (key: KeyObject) =>
    verdict([slot('client_cert', certificatePem({ ...leaf, key })), slot('client_key', file)]);
  assert.deepEqual(of(ec).codes.sort(), ['key-mismatch', 'several-keys']);
  assert.deepEqual(of(old).codes, ['several-keys']);
  assert.match(of(old).text, /holds 2 keys: the device takes EC PRIVATE KEY in line 6, not PRIVATE KEY in line 1/);
});

test('short keys: of a CA an error where the device refuses what it signed, of its own a warning', () => {
  const small = newKey('rsa1024');
  const order = { ...ca, key: small, hash: 'sha256' } as const;
  assert.equal(ofCertificate(order, undefined, 'client_ca').worst, 'error');
  assert.equal(ofCertificate({ ...order, ca: false }).worst, 'warning');
  assert.equal(verdict([slot('client_ca', certificatePem(order, ca))]).worst, 'warning');
  const p224 = { ...ca, key: newKey('secp224r1') };
  const on = (release?: string) => ofCertificate(p224, release, 'client_ca').worst;
  assert.deepEqual([undefined, 'v2.4', 'v4.1'].map(on), ['warning', 'warning', 'error']);
  const tiny = newKey('rsa512');
  assert.equal(
    verdict([slot('client_key', Buffer.from(tiny.export({ type: 'pkcs1', format: 'pem' })))]).worst,
    'error',
  );
});

test('a curve of block chains: read by mbedTLS 2 alone', () => {
  const order = { ...leaf, key: newKey('secp256k1') };
  assert.deepEqual(
    [undefined, 'v2.4', 'v3.2', 'v4.1'].map((release) => ofCertificate(order, release).worst),
    ['error', 'clean', 'error', 'error'],
  );
});

test('an END line in the text before its block hides it', () => {
  const file = concat([Buffer.from('as in -----END CERTIFICATE-----\n'), certificatePem(leaf)]);
  const { codes, worst } = verdict([slot('client_cert', file)]);
  assert.deepEqual([codes, worst], [['unreadable-form'], 'error']);
  const other = concat([Buffer.from('as in -----END PRIVATE KEY-----\n'), certificatePem(leaf)]);
  assert.equal(verdict([slot('client_cert', other)]).worst, 'clean');
});

test('DER for MQTT is an error, elsewhere a key in DER is one from v4.1 on', () => {
  const der = slot('client_key', new Uint8Array(ec.export({ type: 'sec1', format: 'der' })));
  assert.deepEqual(
    [undefined, 'v3.2', 'v4.1'].map((release) => verdict([der], release).worst),
    ['warning', 'warning', 'error'],
  );
  assert.equal(verdict([slot('mqtt_cert', certificateDer(leaf))]).worst, 'error');
});

test('a root that expired at the end of the own chain is a warning, an intermediate an error', () => {
  const notAfter = new Date('2025-01-01T00:00:00Z');
  const chain = (...behind: readonly Order[]) => verdict([slot('server_cert', certificatePem(leaf, ...behind))]);
  assert.deepEqual(chain({ ...ca, notAfter }).worst, 'warning');
  const upper = newKey('prime256v1');
  assert.equal(chain({ ...ca, issuer: 'upper', issuerKey: upper, notAfter }).worst, 'error');
});

test('the name of a curve or a string of a name that nobody knows does not stop the rest', () => {
  assert.equal(
    ofCertificate({
      ...leaf,
      fields: { subject: derOf(tags.sequence, derOf(tags.set, derOf(tags.sequence, oidDer('1.2.3.4'), utf8('x')))) },
    }).worst,
    'clean',
  );
});

test('every root that browsers trust is one to the device, on each release', () => {
  assert.ok(rootCertificates.length > 100);
  for (const root of rootCertificates) {
    for (const release of [undefined, 'v2.4', 'v3.2', 'v4.1']) {
      const { codes, text } = verdict([slot('client_ca', Buffer.from(root))], release);
      // Those of this Node, on the day of these tests.
      const wrong = codes.filter((code) => !['expired', 'expires-soon'].includes(code));
      assert.deepEqual(wrong, [], text);
    }
  }
});

test('an RSA key over 4,096 bits is too long for the chip: a warning', () => {
  // The numbers of a certificate are not computed with here.
  const modulus = concat([Uint8Array.of(0, 0x81), new Uint8Array(1022).fill(0x55), Uint8Array.of(0x55)]);
  const numbers = derOf(tags.sequence, derOf(tags.integer, modulus), hex('0203010001'));
  const algorithm = derOf(tags.sequence, oidDer('1.2.840.113549.1.1.1'), hex('0500'));
  const publicKey = derOf(tags.sequence, algorithm, derOf(tags.bitString, Uint8Array.of(0), numbers));
  const { codes, worst, text } = ofCertificate({ ...leaf, fields: { publicKey } });
  assert.deepEqual([codes, worst], [['long-key'], 'warning']);
  assert.match(text, /has a key of RSA 8192; the ESP32 computes with 4096 bits at most/);
});
