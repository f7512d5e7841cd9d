import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { encodeTable } from '../../src/partition-table/binary.ts';
import { fixtures } from '../support/paths.ts';
import { atPki, atPkiIn } from '../support/run-rig.ts';
import { scratch } from '../support/scratch.ts';

const golden = join(fixtures, 'golden/atpki');
const faults = join(fixtures, 'pki/faults');
const now = () => new Date('2043-12-30T12:00:00Z');

test('a bin: its items with offsets, and its certificates', async () => {
  const { code, stdout, stderr } = await atPkiIn({ cwd: golden, now }, 'inspect', 'client_ca.bin');
  assert.deepEqual([code, stderr], [0, '']);
  assert.equal(
    stdout,
    `client_ca.bin: atpki, 2 items, 2,232 bytes
  ca.0  at 0x8, 1,107 bytes
      CA certificate, RSA 2048
      subject  O=at-pki fixtures, CN=client root 0
      issuer   itself
      valid    2024-01-01 to 2044-01-01 (1 day left)
  ca.1  at 0x460, 1,107 bytes
      CA certificate, RSA 2048
      subject  O=at-pki fixtures, CN=client root 1
      issuer   itself
      valid    2024-01-01 to 2044-01-01 (1 day left)
`,
  );
});

test('a bin as JSON', async () => {
  const { stdout } = await atPkiIn({ cwd: golden, now }, 'inspect', 'client_cert.bin', '--json');
  const document = JSON.parse(stdout) as { items: unknown[] };
  const certificate = {
    what: 'certificate',
    subject: 'O=at-pki fixtures, CN=client leaf 0',
    issuer: 'O=at-pki fixtures, CN=client root 0',
    notBefore: '2024-01-01T00:00:00Z',
    notAfter: '2044-01-01T00:00:00Z',
    key: 'RSA 2048',
    ca: false,
    daysLeft: 1,
  };
  assert.deepEqual(
    { ...document, items: document.items.slice(0, 1) },
    {
      version: 1,
      ok: true,
      command: 'inspect',
      file: 'client_cert.bin',
      format: 'atpki',
      size: 2224,
      items: [{ type: 'cert', id: 0, offset: 8, length: 1103, contents: [certificate] }],
      diagnostics: [],
    },
  );
});

const validity: [file: string, now: string, shown: string, daysLeft: number][] = [
  ['good.crt', '2043-12-31T23:59:59Z', '0 days left', 0],
  ['good.crt', '2044-01-01T00:00:01Z', 'expired 1 day ago', -1],
  ['expired.crt', '2016-01-11T00:00:00Z', 'expired 10 days ago', -10],
  ['not_yet_valid.crt', '2059-12-31T12:00:00Z', 'not valid yet: starts in 1 day', 366],
  ['not_yet_valid.crt', '2059-12-01T00:00:00Z', 'not valid yet: starts in 31 days', 397],
];
for (const [file, time, shown, daysLeft] of validity) {
  test(`${file} at ${time}: ${shown}`, async () => {
    const at = { cwd: faults, now: () => new Date(time) };
    const { stdout } = await atPkiIn(at, 'inspect', file);
    assert.match(stdout, new RegExp(`^ {2}valid .* \\(${shown}\\)$`, 'm'));
    const { contents } = JSON.parse((await atPkiIn(at, 'inspect', file, '--json')).stdout) as {
      contents: { daysLeft: number }[];
    };
    assert.equal(contents[0]?.daysLeft, daysLeft);
  });
}

test('a dump of the partition: erased flash behind the bin is passed over, anything else is not', async (t) => {
  const cwd = scratch(t);
  const bin = readFileSync(join(golden, 'client_key.bin'));
  const dump = Buffer.alloc(8192, 0xff);
  bin.copy(dump);
  writeFileSync(join(cwd, 'dump.bin'), dump);
  const { code, stdout } = await atPki(cwd, 'inspect', 'dump.bin');
  assert.equal(code, 0);
  assert.match(
    stdout,
    /^dump.bin: atpki, 2 items, 8,192 bytes\n {2}key.0 {2}at 0x8, 1,6\d\d bytes\n {6}private key, RSA 2048\n/,
  );
  dump[8000] = 0;
  writeFileSync(join(cwd, 'dump.bin'), dump);
  const refused = await atPki(cwd, 'inspect', 'dump.bin');
  assert.equal(refused.code, 1);
  assert.match(
    refused.stderr,
    /^error\[image-broken\]: dump.bin: says that 3,368 bytes follow, but there are 8,184 \(at offset 0x4\)\n/,
  );
});

test('a binary partition table', async (t) => {
  const cwd = scratch(t);
  const flags = { encrypted: false, readonly: false };
  const table = encodeTable([
    { name: 'client_ca', type: 0x40, subtype: 7, offset: 0x2e000, size: 0x2000, flags },
    {
      name: 'fatfs',
      type: 1,
      subtype: 0x81,
      offset: 0x47000,
      size: 0x19000,
      flags: { encrypted: true, readonly: true },
    },
    { name: '\u001b[31m', type: 0, subtype: 0x10, offset: 0x100000, size: 0x180000, flags },
  ]);
  writeFileSync(join(cwd, 'at_customize.bin'), table);
  const { code, stdout } = await atPki(cwd, 'inspect', 'at_customize.bin');
  assert.equal(code, 0);
  assert.equal(
    stdout,
    `at_customize.bin: partition table, 3 partitions, MD5 ok, 3,072 bytes
  name       type  subtype    offset   size
  client_ca  0x40  0x7       0x2e000     8K
  fatfs      data  fat       0x47000   100K  encrypted, readonly
  \\x1b[31m   app   ota_0    0x100000  1536K
`,
  );
  const document = JSON.parse((await atPki(cwd, 'inspect', 'at_customize.bin', '--json')).stdout) as {
    format: string;
    partitions: unknown[];
  };
  assert.equal(document.format, 'partition-table');
  assert.deepEqual(document.partitions[1], {
    name: 'fatfs',
    type: 1,
    typeName: 'data',
    subtype: 0x81,
    subtypeName: 'fat',
    offset: 0x47000,
    size: 0x19000,
    encrypted: true,
    readonly: true,
  });
  table[5] = 1;
  writeFileSync(join(cwd, 'at_customize.bin'), table);
  const refused = await atPki(cwd, 'inspect', 'at_customize.bin');
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /MD5 of the 3 entries is not the one noted here \(at offset 0x60\)/);
});

test('plain PEM and DER files', async () => {
  const at = { cwd: faults, now };
  assert.equal(
    (await atPkiIn(at, 'inspect', 'key_inside_cert.pem')).stdout,
    `key_inside_cert.pem: PEM, 2,774 bytes
  certificate, RSA 2048
  subject  O=at-pki fixtures, CN=faults leaf
  issuer   O=at-pki fixtures, CN=faults root
  valid    2024-01-01 to 2044-01-01 (1 day left)
  private key, RSA 2048
`,
  );
  assert.equal(
    (await atPkiIn(at, 'inspect', 'der.key')).stdout,
    'der.key: DER, 1,191 bytes\n  private key, RSA 2048\n',
  );
  assert.equal(
    (await atPkiIn(at, 'inspect', 'truncated.crt')).stdout,
    'truncated.crt: PEM, 600 bytes\n  damaged certificate: the block BEGIN CERTIFICATE has no END line: the file is cut off\n',
  );
});

test('what is nothing known says so', async (t) => {
  const cwd = scratch(t);
  writeFileSync(join(cwd, 'erased.bin'), Buffer.alloc(4096, 0xff));
  writeFileSync(join(cwd, 'empty.bin'), '');
  writeFileSync(join(cwd, 'a.txt'), 'hello');
  const said = async (name: string) => (await atPki(cwd, 'inspect', name)).stderr.split('\n')[0];
  assert.equal(
    await said('erased.bin'),
    'error[image-unknown]: erased.bin is erased flash (FF from start to end): nothing was written there',
  );
  assert.equal(await said('empty.bin'), 'error[image-unknown]: empty.bin is empty');
  assert.equal(await said('a.txt'), 'error[image-unknown]: a.txt is not an image known here (atpki, nvs)');
  assert.equal(await said('emty.bin'), 'error[image-unreadable]: emty.bin does not exist');
  assert.equal(await said('.'), 'error[image-unreadable]: . is a folder');
});

test('nothing of a certificate acts on the terminal', async (t) => {
  const cwd = scratch(t);
  const der = Buffer.from(new X509Certificate(readFileSync(join(faults, 'good.crt'))).raw);
  der.set([0x1b, 0x5b, 0x32, 0x4a], der.lastIndexOf('faults leaf'));
  writeFileSync(join(cwd, 'a.der'), der);
  await atPki(cwd, 'generate_bin', 'cert', 'a.der');
  for (const argv of [['a.der'], ['PKI.bin'], ['PKI.bin', '--json'], ['PKI.bin', '--verbose']]) {
    const { stdout } = await atPki(cwd, 'inspect', ...argv);
    assert.match(stdout, /\[2Jts leaf/);
    assert.doesNotMatch(stdout.replaceAll('\n', ''), /\p{Cc}/u);
  }
});
