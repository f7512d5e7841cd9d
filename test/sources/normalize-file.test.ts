import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { identify } from '../../src/formats/identify.ts';
import { type Normalized, normalize, type Wishes } from '../../src/sources/normalize-file.ts';
import { growsLinearly } from '../support/growth.ts';
import { fixtures } from '../support/paths.ts';
import { pemBlocks } from '../support/pem.ts';

const faults = join(fixtures, 'pki/faults');
const bytesOf = (name: string): Buffer => readFileSync(join(faults, name));
const textOf = (name: string): string => bytesOf(name).toString('latin1');

const good = textOf('good.crt');
const key = textOf('good.key');

function done(content: string | Uint8Array, wishes: Wishes): { text: string; changes: readonly string[] } {
  const { bytes, changes } = normalized(content, wishes);
  return { text: Buffer.from(bytes).toString('latin1'), changes };
}

function normalized(content: string | Uint8Array, wishes: Wishes): Normalized {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content;
  const result = normalize(bytes, wishes);
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return result.value;
}

function refused(content: string | Uint8Array, wishes: Wishes): string {
  const result = normalize(typeof content === 'string' ? Buffer.from(content, 'latin1') : content, wishes);
  assert.ok(!result.ok);
  const { code, message, hint } = result.error;
  return `${typeof code === 'string' ? code : code.code}: ${message}${hint ? ` → ${hint}` : ''}`;
}

const canonical = { pem: 'canonical' } as const;
const oneLine = (pem: string): string => pem.replace(/(?<!-)\n(?!-)/g, '');

const forms: [what: string, content: string | Uint8Array, change: string][] = [
  ['CRLF', good.replaceAll('\n', '\r\n'), 'line ends became LF'],
  ['CR alone', good.replaceAll('\n', '\r'), 'line ends became LF'],
  ['a byte order mark', `\xef\xbb\xbf${good}`, 'the byte order mark was left out'],
  ['long lines', oneLine(good), 'blocks were written in lines of 64 characters'],
  [
    'all in one line',
    good.replaceAll('\n', ' '),
    'blocks were written in lines of 64 characters; a line end was added at the end',
  ],
  [
    'indentation',
    good.replace(/^/gm, '    '),
    'blocks were written in lines of 64 characters; a line end was added at the end',
  ],
  ['no final line end', good.trimEnd(), 'a line end was added at the end'],
  ['blank lines', `\n\n${good}\n\n`, 'white space around the blocks was left out'],
  ['UTF-16', bytesOf('utf16.crt'), 'UTF-16 became plain text'],
  ['DER', bytesOf('der.crt'), 'DER became PEM (CERTIFICATE)'],
  ['bare base64', good.replace(/-----.*-----\n/g, ''), 'bare base64 became PEM (CERTIFICATE)'],
  [
    'escaped line ends',
    good.trimEnd().replaceAll('\n', '\\n'),
    'blocks were written in lines of 64 characters; a line end was added at the end',
  ],
  [
    'the label of OpenSSL',
    good.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE'),
    'TRUSTED CERTIFICATE became CERTIFICATE',
  ],
];
for (const [what, content, change] of forms) {
  test(`canonical: ${what} gives the same file as the good one, and says what was changed`, () => {
    const { text, changes } = done(content, canonical);
    const isGood = pemBlocks(text).length === 1 && text === `${pemBlocks(text)[0]?.text}\n`;
    assert.ok(isGood, text);
    if (typeof content === 'string') assert.equal(text, good);
    assert.equal(changes.join('; '), change);
  });
}

test('what is canonical already is left alone, and nothing is said', () => {
  for (const content of [good, key, good + key, textOf('good_pkcs8.key'), textOf('chain_leaf_first.pem')]) {
    const before = Buffer.from(content, 'latin1');
    const { bytes, changes } = normalized(before, canonical);
    assert.deepEqual(changes, []);
    assert.equal(bytes, before);
  }
});

test('without a wish nothing is changed', () => {
  for (const name of readdirSync(faults)) {
    const before = bytesOf(name);
    assert.equal(normalized(before, {}).bytes, before, name);
  }
});

test('what is no certificate or key, or is damaged, stays as it is', () => {
  const all: Wishes = { pem: 'canonical', chain: 'sorted', preamble: 'strip', password: 'x' };
  const names = ['binary_garbage.crt', 'blank.crt', 'bad_base64.crt', 'truncated.crt', 'garbage_inside.crt'];
  for (const name of names) assert.deepEqual(normalized(bytesOf(name), all).bytes, bytesOf(name), name);
});

test('a NUL at the very end stays, since some slots need it there', () => {
  for (const wishes of [canonical, { preamble: 'strip' }, { ...canonical, preamble: 'strip' }] as const) {
    assert.equal(done(`${good}\0`, wishes).text, `${good}\0`);
  }
  assert.equal(done(`${good.replaceAll('\n', '\r\n')}\0`, canonical).text, `${good}\0`);
});

test('text around the blocks: kept line by line by canonical, left out by strip', () => {
  const withText = `Bag Attributes\r\n  name: ü\xfc\r\n${good.replaceAll('\n', '\r\n')}issuer\r\n\r\n${key}the end`;
  assert.equal(done(withText, canonical).text, `Bag Attributes\n  name: ü\xfc\n${good}issuer\n${key}the end\n`);
  const stripped = done(withText, { preamble: 'strip' });
  assert.equal(stripped.text, good.replaceAll('\n', '\r\n') + key);
  assert.deepEqual(stripped.changes, ['text outside of the blocks was left out']);
  assert.equal(done(withText, { ...canonical, preamble: 'strip' }).text, good + key);
  assert.deepEqual(done(good + key, { preamble: 'strip' }).changes, []);
});

test('DER becomes PEM where that alone is wished, by what it is, and PEM stays', () => {
  const crlf = good.replaceAll('\n', '\r\n');
  assert.deepEqual(done(crlf, { derToPem: true }), { text: crlf, changes: [] });
  assert.match(done(bytesOf('der.key'), { derToPem: true }).text, /^-----BEGIN (RSA|EC) PRIVATE KEY-----\n/);
  assert.match(done(bytesOf('der_pkcs8.der'), { derToPem: true }).text, /^-----BEGIN PRIVATE KEY-----\n/);
  assert.match(refused(bytesOf('der.crt').subarray(0, 300), { derToPem: true }), /^unparsable: is damaged: /);
});

const blocksOf = (name: string): string[] => pemBlocks(textOf(name)).map(({ text }) => `${text}\n`);
const chain = blocksOf('chain_leaf_first.pem');

test('sorted: the leaf first, then each issuer, whatever the order', () => {
  assert.ok(chain.length >= 2);
  const permutations = fc.shuffledSubarray(chain, { minLength: chain.length });
  fc.assert(
    fc.property(permutations, (blocks) => {
      const { text, changes } = done(blocks.join(''), { chain: 'sorted' });
      assert.equal(text, chain.join(''));
      const same = blocks.every((block, index) => block === chain[index]);
      assert.deepEqual(changes, same ? [] : ['the certificates were sorted from the leaf up']);
    }),
  );
});

test('sorted: each certificate takes the text before it along', () => {
  const named = [...chain].reverse().map((block, index) => `# ${index}\n${block}`);
  assert.equal(done(named.join(''), { chain: 'sorted' }).text, [...named].reverse().join(''));
});

test('sorted: copies are left out, and that is said', () => {
  const twice = [...chain, ...chain].join('');
  assert.deepEqual(done(twice, { chain: 'sorted' }), {
    text: chain.join(''),
    changes: [chain.length === 1 ? '' : `${chain.length} copies of certificates left out`],
  });
  assert.deepEqual(done(good + good, { chain: 'unique' }), {
    text: good,
    changes: ['1 copy of a certificate left out'],
  });
});

test('sorted: a key beside the certificates keeps its place', () => {
  const mixed = [...[...chain].reverse(), key].join('');
  assert.equal(done(mixed, { chain: 'sorted' }).text, [...chain, key].join(''));
});

test('sorted: a certificate that has no part in the chain is an error that names it', () => {
  assert.equal(
    refused(bytesOf('chain_unrelated.pem'), { chain: 'sorted' }),
    'not-normalized: cannot be sorted: "O=at-pki fixtures, CN=stranger" has no part in the chain of ' +
      '"O=at-pki fixtures, CN=faults leaf two" → remove what does not belong to the chain, or set "chain": "keep" in ' +
      '"normalize" of this slot',
  );
});

test('unique: CAs that have nothing to do with each other are left where they are', () => {
  const bundle = blocksOf('chain_unrelated.pem').join('');
  assert.deepEqual(done(bundle, { chain: 'unique' }), { text: bundle, changes: [] });
});

test('sorted: more certificates than any chain has are refused rather than tried', () => {
  const blocks = Array.from({ length: 31 }, (_, index) => {
    const der = Buffer.from(new X509Certificate(good).raw);
    // Another signature makes it another certificate.
    der[der.length - 1] = index;
    return `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
  });
  assert.match(refused(blocks.join(''), { chain: 'sorted' }), /has 31 certificates; .* at most 30/);
});

const password = 'correct horse';
const pairs: [what: string, key: KeyObject, form: 'pkcs1' | 'sec1'][] = [
  ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, 'pkcs1'],
  ['EC', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, 'sec1'],
];
const spki = (one: KeyObject | string): string =>
  createPublicKey(typeof one === 'string' ? createPrivateKey(one) : one)
    .export({ format: 'der', type: 'spki' })
    .toString('hex');

for (const [what, privateKey, form] of pairs) {
  const lock = { cipher: 'aes-256-cbc', passphrase: password };
  const encrypted: [form: string, content: string | Buffer, label: string][] = [
    ['PKCS #8', privateKey.export({ type: 'pkcs8', format: 'pem', ...lock }).toString(), 'PRIVATE KEY'],
    ['PKCS #8 in DER', privateKey.export({ type: 'pkcs8', format: 'der', ...lock }), 'PRIVATE KEY'],
    [
      'the traditional form',
      privateKey.export({ type: form, format: 'pem', ...lock }).toString(),
      `${what} PRIVATE KEY`,
    ],
  ];
  for (const [kind, content, label] of encrypted) {
    test(`an encrypted ${what} key in ${kind} is opened and keeps its form`, () => {
      const { text, changes } = done(content, { password });
      assert.ok(text.startsWith(`-----BEGIN ${label}-----\n`), text.slice(0, 40));
      assert.equal(spki(text), spki(privateKey));
      assert.deepEqual(changes, [`the key was decrypted (${label})`]);
      assert.equal(identify(Buffer.from(text)).objects[0]?.problem, undefined);
      assert.deepEqual(done(text, { password, ...canonical }), { text, changes: [] });
    });

    test(`the wrong password for an encrypted ${what} key in ${kind} is an error without the password`, () => {
      for (const wrong of ['hunter2', '', 'x'.repeat(2000)]) {
        assert.equal(
          refused(content, { password: wrong }),
          'not-normalized: is a key that the password given for it does not open',
        );
      }
    });

    test(`without a password an encrypted ${what} key in ${kind} stays encrypted`, () => {
      const { text } = done(content, { ...canonical, chain: 'sorted', preamble: 'strip' });
      assert.equal(spki(done(text, { password }).text), spki(privateKey));
    });
  }

  test(`an encrypted ${what} key with other line ends, a preamble and a certificate beside it`, () => {
    const traditional = privateKey.export({ type: form, format: 'pem', ...lock }).toString();
    for (const end of ['\r\n', '\r', '\n  ']) {
      const content = `Attributes${end}${traditional.trimEnd().replaceAll('\n', end)}${end}${good}`;
      const { text } = done(content, { ...canonical, password, preamble: 'strip' });
      assert.equal(spki(text), spki(privateKey));
      assert.ok(text.endsWith(good));
    }
  });
}

test('a key without encryption needs no password, and is not changed by one', () => {
  assert.deepEqual(done(key, { password }), { text: key, changes: [] });
});

test('a file of blanks is normalized in time in line with its size', async () => {
  await growsLinearly(10_000, (size) => {
    const blanks = ' '.repeat(size);
    const content = `${blanks}x${blanks}y${blanks}\n${good}${blanks}\n\n${blanks}z${blanks}`;
    return () => assert.equal(done(content, canonical).text.replaceAll(' ', ''), `xy\n${good.replaceAll(' ', '')}z\n`);
  });
});

// Files as people put them together: blocks in any order and form, with text and line ends of all kinds.
const pieces = fc.oneof(
  fc.constantFrom(
    ...chain,
    good,
    key,
    textOf('good_pkcs8.key'),
    textOf('encrypted_legacy.key'),
    textOf('encrypted_pkcs8.key'),
    textOf('public_key.pem'),
    textOf('request.csr'),
    good.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE'),
  ),
  fc.constantFrom(
    '\n',
    '\0',
    ' \t',
    'subject=CN=x\n',
    '\xef\xbb\xbf',
    '-----BEGIN x-----',
    '-----BEGIN A\0B-----\n',
    'ü\xa0\x85',
  ),
);
const twist = fc.constantFrom<(text: string) => string>(
  (text) => text,
  (text) => text.replaceAll('\n', '\r\n'),
  (text) => text.replaceAll('\n', '\r'),
  (text) => text.replace(/^/gm, '  '),
  (text) => text.trimEnd(),
  (text) => `\xef\xbb\xbf${text}`,
  (text) => `${text}\0`,
);
const files = fc
  .tuple(fc.array(fc.tuple(pieces, twist), { maxLength: 6 }), twist, fc.boolean())
  .map(([parts, whole, wide]) => {
    const text = whole(parts.map(([piece, change]) => change(piece)).join(''));
    return wide ? Buffer.from(`\ufeff${text}`, 'utf16le') : Buffer.from(text, 'latin1');
  });
const wishes = fc.record<Wishes>(
  {
    derToPem: fc.boolean(),
    pem: fc.constant('canonical'),
    chain: fc.constantFrom('sorted', 'unique'),
    preamble: fc.constant('strip'),
  },
  { requiredKeys: [] },
);

/** The certificates in a file, as DER, sorted. */
const certificatesOf = (bytes: Uint8Array): string[] =>
  (identify(bytes).objects ?? [])
    .flatMap(({ certificate }) => (certificate ? [Buffer.from(certificate.signed.body).toString('hex')] : []))
    .sort();

test('whatever the file: twice is once, changes are said, and no certificate becomes another', () => {
  fc.assert(
    fc.property(files, wishes, (bytes, wish) => {
      const first = normalize(bytes, wish);
      if (!first.ok) return;
      const { bytes: out, changes } = first.value;
      assert.equal(changes.length > 0, !Buffer.from(out).equals(bytes), changes.join('; '));
      const again = normalize(out, wish);
      assert.ok(again.ok);
      assert.deepEqual(again.value.changes, []);
      const [before, after] = [certificatesOf(bytes), certificatesOf(out)];
      assert.deepEqual([...new Set(after)], [...new Set(before)]);
      if (!wish.chain) assert.deepEqual(after, before);
      assert.deepEqual(keysOf(out), keysOf(bytes));
    }),
    { numRuns: 1000 },
  );
});

const keysOf = (bytes: Uint8Array): (string | undefined)[] =>
  identify(bytes).objects.flatMap(({ privateKey }) => (privateKey ? [privateKey.spkiSha256] : []));
