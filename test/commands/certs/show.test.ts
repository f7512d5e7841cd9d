import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { identify } from '../../../src/formats/identify.ts';
import { certificatePem } from '../../../src/pki/certificate-der.ts';
import { certificatePem as certificatePemOf, keyPem, newKey } from '../../support/certificate.ts';
import { chain, made, now, serve, servePlain } from '../../support/chain.ts';
import { fixtures } from '../../support/paths.ts';
import { atPki, atPkiIn } from '../../support/run-rig.ts';
import { scratch } from '../../support/scratch.ts';

const faults = join(fixtures, 'pki/faults');
const golden = join(fixtures, 'golden/atpki');

interface Shown {
  ok: boolean;
  chains: { subject: string; signedBy: string; position: number; names: string[]; daysLeft: number }[][];
  pem?: string;
}

const json = (stdout: string) => JSON.parse(stdout) as Shown;

test('the chain of a server, from its leaf to the root that it sends', async (t) => {
  const { root, middle, leaf } = await chain();
  const server = await serve(t, [leaf, middle, root]);
  const { code, stdout, stderr } = await atPkiIn({ cwd: '/', now }, 'certs', 'show', server);
  assert.deepEqual([code, stderr], [0, '']);
  assert.equal(
    stdout.replaceAll(/[0-9a-f]{64}/g, '…'),
    `${server}: 3 certificates
  certificate, EC P-256
    subject    O=at-pki development, CN=test server
    issuer     O=at-pki development, CN=test intermediate
    names      DNS:localhost, IP:127.0.0.1
    valid      2029-01-01 to 2031-01-01 (365 days left)
    signature  ECDSA with SHA-256, by the next one
    ESP-AT     accepts it
    SHA-256    …
  CA certificate, EC P-256
    subject    O=at-pki development, CN=test intermediate
    issuer     O=at-pki development, CN=test root
    valid      2029-01-01 to 2031-01-01 (365 days left)
    signature  ECDSA with SHA-256, by the next one
    ESP-AT     accepts it
    SHA-256    …
  CA certificate, EC P-256
    subject    O=at-pki development, CN=test root
    issuer     itself
    valid      2029-01-01 to 2031-01-01 (365 days left)
    signature  ECDSA with SHA-256, by its own key
    ESP-AT     accepts it
    SHA-256    …
`,
  );
});

test('only what a server sends is shown, in any order, and over each version of TLS', async (t) => {
  const { root, middle, leaf } = await chain();
  const cases = [
    [[leaf], [['unknown', 1]]],
    [
      [leaf, middle],
      [
        ['next', 1],
        ['unknown', 2],
      ],
    ],
    [
      [leaf, root, middle],
      [
        ['next', 1],
        ['next', 3],
        ['itself', 2],
      ],
    ],
  ] as const;
  for (const [sent, expected] of cases) {
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const server = await serve(t, sent, { maxVersion });
      const { stdout } = await atPkiIn({ cwd: '/', now }, 'certs', 'show', server, '--json');
      const [one = []] = json(stdout).chains;
      assert.deepEqual(
        one.map(({ signedBy, position }) => [signedBy, position]),
        expected,
      );
    }
  }
});

test('an expired and a self-signed certificate are shown as what they are', async (t) => {
  const old = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2029-12-30T00:00:00Z') };
  const alone = await made('alone', undefined, { role: 'server', ...old });
  const server = await serve(t, [alone]);
  const { code, stdout, stderr } = await atPkiIn({ cwd: '/', now }, 'certs', 'show', server);
  assert.equal(code, 1);
  assert.match(stderr, /^error\[expired\]: the device rejects this chain: .* expired on 2029-12-30\n/);
  assert.match(stdout, /valid {6}2020-01-01 to 2029-12-30 \(expired 2 days ago\)\n.*by its own key/);
});

test('a certificate that a server sends beside its chain has no effect', async (t) => {
  const { middle, leaf } = await chain();
  const stranger = await made('stranger', await made('other root', undefined), { notAfter: new Date('2029-06-01') });
  const server = await serve(t, [leaf, stranger, middle]);
  const { code, stderr } = await atPkiIn({ cwd: '/', now }, 'certs', 'show', server);
  assert.deepEqual([code, stderr], [0, '']);
});

test('a key that the device does not accept is an error of the server', async (t) => {
  const privateKey = newKey('rsa1024');
  const order = { subject: 'localhost', key: privateKey, notAfter: new Date('2035-01-01') };
  const options = { cert: certificatePemOf(order), key: keyPem(privateKey), ciphers: 'DEFAULT@SECLEVEL=0' };
  const server = await serve(t, [], options);
  const { code, stderr } = await atPkiIn({ cwd: '/', now }, 'certs', 'show', server, '--servername', 'localhost');
  assert.equal(code, 1);
  assert.match(stderr, /^error\[weak-key\]: the device rejects this chain: .*RSA 1024, too short/);
});

test('a chain that the device refuses as a whole, of a server and of a file', async (t) => {
  const root = await made('root', undefined);
  const middle = await made('middle', root);
  const leaf = await made('device', middle, { role: 'client' });
  const server = await serve(t, [leaf, middle, root]);
  const { code, stderr } = await atPkiIn({ cwd: '/', now }, 'certs', 'show', server);
  assert.equal(code, 1);
  assert.match(stderr, /^error\[path-length\]: .*CN=root" has the path length \(pathlen\) 0, and 1 more CA below it\n/);
  assert.match(stderr, /error\[wrong-purpose\]: .*CN=device" is for client authentication alone/);
  const folder = scratch(t);
  writeFileSync(join(folder, 'chain.pem'), leaf.pem + middle.pem + root.pem);
  const file = await atPkiIn({ cwd: folder, now }, 'certs', 'show', 'chain.pem');
  assert.deepEqual([file.code, file.stderr.split(':')[0]], [0, 'warning[path-length]']);
});

test('the name asked for is the host, or what --servername says', async (t) => {
  const [one, other] = [await made('one', undefined), await made('other', undefined)];
  const { createSecureContext } = await import('node:tls');
  const { privateKeyPem } = await import('../../../src/pki/new-key.ts');
  const asked: string[] = [];
  const server = await serve(t, [one], {
    SNICallback: (name, done) => {
      asked.push(name);
      done(null, createSecureContext({ cert: other.pem, key: Buffer.from(privateKeyPem(other.key)) }));
    },
  });
  const subject = async (...argv: string[]) =>
    json((await atPki('/', 'certs', 'show', ...argv, '--json')).stdout).chains[0]?.[0]?.subject;
  assert.match((await subject(server)) ?? '', /CN=one$/);
  assert.match((await subject(server, '--servername', 'other.example')) ?? '', /CN=other$/);
  assert.match((await subject(server.replace('127.0.0.1', 'localhost'))) ?? '', /CN=other$/);
  assert.deepEqual(asked, ['other.example', 'localhost']);
});

test('a server that cannot be asked: each in time, with what to do, and exit code 3', async (t) => {
  const { leaf } = await chain();
  const closing = await servePlain(t, (socket) => socket.end());
  const gone = closing.replace(/[0-9]+$/, '1');
  const cases: [server: string, code: string, said: RegExp][] = [
    [gone, 'server-unreachable', /nothing listens at 127\.0\.0\.1:1\n.*check host and port/],
    [
      await servePlain(t, () => {}),
      'server-unreachable',
      /takes the connection and does not answer to TLS within 0\.3 s/,
    ],
    [closing, 'server-handshake', /closes the connection during the TLS handshake/],
    [
      await servePlain(t, (socket) => socket.end('220 smtp.example ESMTP\r\n')),
      'server-handshake',
      /does not speak TLS/,
    ],
    [
      await servePlain(t, (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
      'server-handshake',
      /does not speak TLS/,
    ],
    [
      // Its certificate is of EC, these ciphers of RSA.
      await serve(t, [leaf], { ciphers: 'AES128-SHA', maxVersion: 'TLSv1.2' }),
      'server-handshake',
      /ends the TLS handshake: .*handshake failure/,
    ],
    [
      await serve(t, [leaf], { SNICallback: (_, done) => done(new Error('no such name')) }).then((text) =>
        text.replace('127.0.0.1', 'localhost'),
      ),
      'server-handshake',
      /handshake/,
    ],
  ];
  for (const [server, code, said] of cases) {
    const timeout = code === 'server-unreachable' ? '0.3' : '60';
    const ran = await atPki('/', 'certs', 'show', server, '--timeout', timeout);
    assert.equal(ran.code, 3, `${server}: ${ran.stderr}`);
    assert.match(ran.stderr, said);
    assert.ok(ran.stderr.startsWith(`error[${code}]`), ran.stderr);
    const other = JSON.parse(
      (await atPki('/', 'certs', 'show', server, '--timeout', timeout, '--json')).stdout,
    ) as Shown;
    assert.equal(other.ok, false);
  }
});

test('a server that wants a certificate of its clients is shown all the same', async (t) => {
  const { root, middle, leaf } = await chain();
  const server = await serve(t, [leaf, middle], { requestCert: true, rejectUnauthorized: true, ca: root.pem });
  const { code, stdout } = await atPkiIn({ cwd: '/', now }, 'certs', 'show', server);
  assert.equal(code, 0);
  assert.match(stdout, /: 2 certificates\n/);
});

const files: [name: string, subjects: string[]][] = [
  ['good.crt', ['faults leaf']],
  ['der.crt', ['faults leaf']],
  ['utf16.crt', ['faults leaf']],
  ['crlf.crt', ['faults leaf']],
  ['key_inside_cert.pem', ['faults leaf']],
  ['chain_wrong_order.pem', ['faults leaf two', 'faults intermediate']],
  ['chain_leaf_first.pem', ['faults leaf two', 'faults intermediate']],
];
for (const [name, subjects] of files) {
  test(`a file: ${name}`, async () => {
    const { code, stdout } = await atPkiIn({ cwd: faults, now }, 'certs', 'show', name, '--json');
    assert.equal(code, 0);
    const [one = []] = json(stdout).chains;
    assert.deepEqual(
      one.map(({ subject }) => subject.replace(/.*CN=/, '')),
      subjects,
    );
  });
}

test('a chain in the wrong order is said to be that', async () => {
  const { stdout } = await atPkiIn({ cwd: faults, now }, 'certs', 'show', 'chain_wrong_order.pem');
  assert.match(stdout, /They stand in another order there \(2, 1\)/);
});

test('a PKI bin: its certificates, each a chain of its own', async () => {
  const { stdout } = await atPkiIn({ cwd: golden, now }, 'certs', 'show', 'client_cert.bin');
  assert.match(stdout, /^client_cert.bin: 2 certificates in 2 chains\nchain 1\n.*certificate, RSA 2048\n/);
});

test('what the device would refuse is said with its reason', async () => {
  const said = async (name: string) =>
    /ESP-AT {5}(.*)/.exec((await atPkiIn({ cwd: faults, now }, 'certs', 'show', name)).stdout)?.[1];
  assert.equal(await said('good.crt'), 'accepts it');
  assert.match((await said('md5_signed.crt')) ?? '', /^refuses it: it is signed by RSA with MD5/);
  assert.match((await said('ed25519.crt')) ?? '', /^refuses it: its key is Ed25519, a kind it does not know/);
  assert.equal(await said('brainpoolP256r1.crt'), 'accepts it');
});

test('files without a certificate: what they are instead', async (t) => {
  const cwd = scratch(t);
  writeFileSync(join(cwd, 'a.key'), readFileSync(join(faults, 'good.key')));
  writeFileSync(join(cwd, 'a.txt'), 'hello');
  writeFileSync(join(cwd, 'a.crt'), '');
  const said = async (name: string) => {
    const { code, stderr } = await atPki(cwd, 'certs', 'show', name);
    return [code, stderr.split('\n')[0]];
  };
  assert.deepEqual(await said('a.key'), [1, 'error[image-unknown]: a.key holds no certificate: only private key']);
  assert.deepEqual(await said('a.txt'), [1, 'error[image-unknown]: a.txt holds no certificate: it is text']);
  assert.deepEqual(await said('a.crt'), [1, 'error[image-unknown]: a.crt is empty']);
  assert.deepEqual(await said('b.crt'), [1, 'error[source-missing]: b.crt does not exist']);
  assert.deepEqual(await said('host:70000'), [2, 'error[usage]: host:70000: there is no port 70000']);
  assert.deepEqual(await said('mqtts://host:8883/'), [2, 'error[usage]: mqtts://host:8883/ is a URL']);
});

test('--pem -o saves the chain from the leaf up, and replaces a file only by --force', async (t) => {
  const { root, middle, leaf } = await chain();
  const server = await serve(t, [leaf, root, middle]);
  const cwd = scratch(t);
  const show = (...argv: string[]) => atPkiIn({ cwd, now }, 'certs', 'show', server, ...argv);
  const saved = await show('--pem', '-o', 'chain.pem');
  assert.deepEqual([saved.code, saved.stdout], [0, '3 certificates written to chain.pem\n']);
  const expected = leaf.pem + middle.pem + root.pem;
  assert.equal(readFileSync(join(cwd, 'chain.pem'), 'latin1'), expected);
  assert.equal((await show('--pem')).stdout, expected);
  assert.equal(json((await show('--pem', '--json')).stdout).pem, expected);
  const again = await show('--pem', '-o', 'chain.pem');
  assert.equal(again.code, 1);
  assert.match(again.stderr, /^error\[file-exists\]: chain.pem exists already\n/);
  assert.equal((await show('-o', 'chain.pem', '--force')).code, 0);
});

test('a certificate is written as the bytes that it was read from', () => {
  for (const name of ['good.crt', 'ed25519.crt', 'brainpoolP256r1.crt', 'md5_signed.crt']) {
    const bytes = readFileSync(join(faults, name));
    const [object] = identify(bytes).objects;
    assert.ok(object?.certificate);
    const text = Buffer.from(certificatePem(object.certificate)).toString('latin1');
    assert.ok(bytes.toString('latin1').includes(text), name);
  }
});
