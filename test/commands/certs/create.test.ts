import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { now } from '../../support/chain.ts';
import { write } from '../../support/checkout.ts';
import { exampleCheckout } from '../../support/example-checkout.ts';
import { atPkiIn } from '../../support/run-rig.ts';
import { type Cleanup, scratch } from '../../support/scratch.ts';

const create = (cwd: string, ...argv: string[]) => atPkiIn({ cwd, now }, 'certs', 'create', ...argv);
const rawData = 'components/customized_partitions/raw_data';
const skipMode = process.platform === 'win32' && 'no modes there';

/** A set made into a folder of its own: what lies in the device's slots and at the other party. */
async function sets(t: Cleanup, ...argv: string[]) {
  const cwd = scratch(t);
  const ran = await create(cwd, '-o', 'raw', ...argv);
  assert.deepEqual([ran.code, ran.stderr], [0, '']);
  const read = (...path: string[]) => readFileSync(join(cwd, ...path), 'latin1');
  const certificate = (...path: string[]) => new X509Certificate(read(...path));
  return { ...ran, cwd, read, certificate };
}

test('client and server: each slot holds the CA of the other party', async (t) => {
  const { certificate, read } = await sets(t);
  const clientCa = certificate('raw/client_ca/client_ca_00.crt');
  const client = certificate('raw/client_cert/client_cert_00.crt');
  assert.ok(client.checkPrivateKey(createPrivateKey(read('raw/client_key/client_key_00.key'))));
  // client_ca is the CA of the server that the device talks to.
  assert.ok(certificate('certs-host/client/server.crt').verify(clientCa.publicKey));
  assert.ok(client.verify(certificate('certs-host/client/device-ca.crt').publicKey));
  assert.ok(!client.verify(clientCa.publicKey));
  // server_ca is the CA of the clients that talk to the device.
  const serverCa = certificate('raw/server_ca/server_ca.crt');
  const server = certificate('raw/server_cert/server_cert.crt');
  assert.ok(server.checkPrivateKey(createPrivateKey(read('raw/server_key/server.key'))));
  assert.ok(certificate('certs-host/server/client.crt').verify(serverCa.publicKey));
  assert.ok(server.verify(certificate('certs-host/server/device-ca.crt').publicKey));
  assert.equal(server.subjectAltName, 'IP Address:192.168.4.1');
  assert.ok(clientCa.ca && serverCa.ca && !client.ca && !server.ca);
  assert.equal(read('certs-host/client/ca.crt'), read('raw/client_ca/client_ca_00.crt'));
});

/** Both ends of a connection between two TLS peers that each ask for the other's certificate. */
async function meet(
  t: Cleanup,
  server: { cert: string; key: string; ca: string },
  client: { cert: string; key: string; ca: string; servername: string },
): Promise<{ client: boolean; server: boolean }> {
  const listener = createServer({ ...server, requestCert: true, rejectUnauthorized: false });
  t.after(() => listener.close());
  const accepted = new Promise<TLSSocket>((resolve) => listener.once('secureConnection', resolve));
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', () => resolve()));
  const address = listener.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const socket = connect({ host: '127.0.0.1', port, ...client, rejectUnauthorized: false });
  await new Promise((resolve) => socket.once('secureConnect', resolve));
  const other = await accepted;
  const result = { client: socket.authorized, server: other.authorized };
  socket.destroy();
  other.destroy();
  return result;
}

for (const keys of [
  ['--key-type', 'ec'],
  ['--bits', '384'],
  ['--key-type', 'rsa'],
  ['--key-type=rsa', '--bits=3072'],
]) {
  test(`device and other party trust each other, with ${keys.join(' ')}`, async (t) => {
    const soon = ['--not-before', new Date().toISOString().slice(0, 10)];
    const { read } = await sets(t, 'mqtt', 'server', '--san', 'server=device.local', ...keys, ...soon);
    const host = (set: string, name: string) => read('certs-host', set, name);
    const asClient = await meet(
      t,
      { cert: host('mqtt', 'server.crt'), key: host('mqtt', 'server.key'), ca: host('mqtt', 'device-ca.crt') },
      {
        cert: read('raw/mqtt_cert/mqtt_client.crt'),
        key: read('raw/mqtt_key/mqtt_client.key'),
        ca: read('raw/mqtt_ca/mqtt_ca.crt'),
        servername: 'localhost',
      },
    );
    assert.deepEqual(asClient, { client: true, server: true });
    const asServer = await meet(
      t,
      {
        cert: read('raw/server_cert/server_cert.crt'),
        key: read('raw/server_key/server.key'),
        ca: read('raw/server_ca/server_ca.crt'),
      },
      {
        cert: host('server', 'client.crt'),
        key: host('server', 'client.key'),
        ca: host('server', 'device-ca.crt'),
        servername: 'device.local',
      },
    );
    assert.deepEqual(asServer, { client: true, server: true });
  });
}

test('names and validity as the options say, per set or for all', async (t) => {
  const options = [
    '--cn',
    'sensor 1',
    '--cn',
    'mqtt=thing, "7"',
    '--san',
    'a.example,10.0.0.1,fe80::1',
    '--san',
    'wss=b.example',
  ];
  const dates = ['--days', '30', '--not-before', '2049-12-20T12:00:00Z'];
  const { certificate, stdout } = await sets(t, 'mqtt', 'wss', 'client.0', ...options, ...dates);
  const subject = (path: string) => certificate(path).subject.split('\n').at(-1);
  assert.equal(subject('raw/mqtt_cert/mqtt_client.crt'), String.raw`CN=thing\, \"7\"`);
  assert.equal(subject('raw/client_cert/client_cert_00.crt'), 'CN=sensor 1');
  assert.equal(subject('raw/wss_cert/wss_client_00.crt'), 'CN=sensor 1');
  const server = certificate('certs-host/mqtt/server.crt');
  assert.equal(server.subjectAltName, 'DNS:a.example, IP Address:10.0.0.1, IP Address:FE80:0:0:0:0:0:0:1');
  assert.equal(certificate('certs-host/wss/server.crt').subjectAltName, 'DNS:b.example');
  for (const path of ['certs-host/mqtt/server.crt', 'raw/mqtt_ca/mqtt_ca.crt', 'raw/mqtt_cert/mqtt_client.crt']) {
    assert.equal(certificate(path).validFrom, 'Dec 20 12:00:00 2049 GMT');
    assert.equal(certificate(path).validTo, 'Jan 19 12:00:00 2050 GMT');
  }
  assert.match(stdout, /EC P-256, valid from 2049-12-20 to 2050-01-19; for development only/);
});

test('by default from the start of the day on, for 3650 days', async (t) => {
  const { certificate } = await sets(t, 'mqtt');
  assert.equal(certificate('raw/mqtt_ca/mqtt_ca.crt').validFrom, 'Jan  1 00:00:00 2030 GMT');
  assert.equal(certificate('raw/mqtt_ca/mqtt_ca.crt').validTo, 'Dec 30 00:00:00 2039 GMT');
});

test('in a checkout it takes the files of the release, and build takes them', async (t) => {
  const cwd = exampleCheckout(t);
  const refused = await create(cwd, 'mqtt', 'client.1');
  assert.equal(refused.code, 1);
  const errors = refused.stderr.split('\n').filter((line) => line.startsWith('error'));
  assert.deepEqual(
    errors.map((line) => line.replace(`${rawData}/`, '')),
    [
      'mqtt_ca/mqtt_ca.crt',
      'mqtt_cert/mqtt_client.crt',
      'mqtt_key/mqtt_client.key',
      'client_ca/client_ca_01.crt',
      'client_cert/client_cert_01.crt',
      'client_key/client_key_01.key',
    ].map((file) => `error[file-exists]: ${file} exists already`),
  );
  assert.ok(!existsSync(join(cwd, 'certs-host')));
  const { code, stdout } = await create(cwd, 'mqtt', 'client.1', '--force', '--json');
  assert.equal(code, 0);
  const { sets: made } = JSON.parse(stdout) as { sets: { set: string; key: string; host: string }[] };
  assert.deepEqual(
    made.map(({ set, key, host }) => [set, key, host]),
    [
      ['mqtt', `${rawData}/mqtt_key/mqtt_client.key`, 'certs-host/mqtt'],
      ['client.1', `${rawData}/client_key/client_key_01.key`, 'certs-host/client.1'],
    ],
  );
  assert.equal((await atPkiIn({ cwd, now }, 'build')).code, 0);
  const list = await atPkiIn({ cwd, now }, 'certs', 'list');
  assert.match(list.stdout, /\nclient_cert\.1 .* CN=client\.1 device +O=at-pki development, CN=client\.1 device CA\n/);
});

test('in a config it takes the files, folders and patterns that stand there', async (t) => {
  const cwd = scratch(t);
  const sources = {
    mqtt_ca: { files: 'broker/ca.pem' },
    mqtt_cert: { files: 'broker/*.crt' },
    mqtt_key: {},
    server_ca: { files: ['*.{der,p7b}'] },
    server_cert: {},
    server_key: {},
  };
  const partitions = { mfg_nvs: { offset: '0x21000', size: '112K', namespaces: sources } };
  write(cwd, { 'pki.config.json': JSON.stringify({ rawData: 'raw', partitions }) });
  const { code, stderr } = await create(cwd, 'mqtt');
  assert.deepEqual([code, stderr], [0, '']);
  for (const file of ['broker/ca.pem', 'broker/mqtt_client.crt', 'mqtt_key/mqtt_client.key']) {
    assert.ok(existsSync(join(cwd, 'raw', file)), file);
  }
  const server = await create(cwd, 'server');
  assert.equal(server.code, 2);
  assert.match(server.stderr, /\*\.\{der,p7b\} would not take a file named server_ca\.crt/);
  const wss = await create(cwd, 'wss');
  assert.equal(wss.code, 2);
  assert.match(wss.stderr, /there is no partition or namespace wss_ca here/);
  assert.ok(!existsSync(join(cwd, 'raw/server_cert')));
});

test('a file that would take the number of the new one, or be the second of one slot, is in the way', async (t) => {
  const cwd = scratch(t);
  write(cwd, { 'raw/client_ca/aaa.crt': 'x', 'raw/mqtt_key/mine.key': 'x', 'raw/mqtt_key/readme.txt': 'x' });
  const client = await create(cwd, '-o', 'raw', 'client', '--force');
  assert.equal(client.code, 1);
  assert.match(client.stderr, /aaa\.crt stands before client_ca\/client_ca_00\.crt and would take its number/);
  const mqtt = await create(cwd, '-o', 'raw', 'mqtt', '--force');
  assert.equal(mqtt.code, 1);
  assert.match(mqtt.stderr, /would be the second file of a slot that holds one: mine\.key is there/);
  const gap = await create(cwd, '-o', 'raw', 'https.1');
  assert.equal(gap.code, 1);
  assert.match(gap.stderr, /https_ca_01\.crt would be number 0, not 1.*\n.*\n.*create https\.0 first/);
  assert.deepEqual(readdirSync(join(cwd, 'raw')).sort(), ['client_ca', 'mqtt_key']);
  assert.equal((await create(cwd, '-o', 'raw', 'https')).code, 0);
  assert.equal((await create(cwd, '-o', 'raw', 'https.1')).code, 0);
});

test('keys are for their owner alone, and links are not followed', { skip: skipMode }, async (t) => {
  const { cwd } = await sets(t, 'mqtt');
  const mode = (file: string) => (statSync(join(cwd, file)).mode & 0o777).toString(8);
  for (const file of [
    'raw/mqtt_key/mqtt_client.key',
    ...['ca', 'device-ca', 'server'].map((name) => `certs-host/mqtt/${name}.key`),
  ]) {
    assert.equal(mode(file), '600', file);
  }
  rmSync(join(cwd, 'raw/mqtt_ca/mqtt_ca.crt'));
  symlinkSync('/nowhere', join(cwd, 'raw/mqtt_ca/mqtt_ca.crt'));
  const { code, stderr } = await create(cwd, '-o', 'raw', 'mqtt', '--force');
  assert.equal(code, 1);
  assert.match(stderr, /mqtt_ca\.crt is a link/);
});

test('one that cannot be written leaves none', { skip: skipMode }, async (t) => {
  const cwd = scratch(t);
  mkdirSync(join(cwd, 'raw/mqtt_ca'), { recursive: true });
  writeFileSync(join(cwd, 'certs-host'), 'a file where the folder should be');
  const { code } = await create(cwd, '-o', 'raw', 'mqtt');
  assert.equal(code, 1);
  assert.deepEqual(readdirSync(join(cwd, 'raw/mqtt_ca')), []);
  assert.ok(!existsSync(join(cwd, 'raw/mqtt_key')));
});

test('no byte of a key is printed', async (t) => {
  const cwd = scratch(t);
  let printed = '';
  for (const style of [[], ['--verbose'], ['--json', '--verbose']]) {
    const { stdout, stderr } = await create(cwd, '-o', 'raw', 'client', 'server', '--force', ...style);
    printed += stdout + stderr;
    const files = [
      'raw/client_key/client_key_00.key',
      'raw/server_key/server.key',
      ...['ca', 'device-ca', 'server'].map((name) => `certs-host/client/${name}.key`),
    ];
    for (const file of files) {
      const der = createPrivateKey(readFileSync(join(cwd, file))).export({ format: 'der', type: 'sec1' });
      const secret = der.subarray(7, 39);
      assert.ok(!printed.includes(secret.toString('hex')) && !printed.includes(secret.toString('base64').slice(2, 30)));
      const [, line = ''] = readFileSync(join(cwd, file), 'latin1').split('\n');
      assert.ok(line.length > 40 && !printed.includes(line));
    }
  }
  // Nor do the other commands show one that stands among certificates.
  const key = join(cwd, 'raw/client_key/client_key_00.key');
  const shown = await atPkiIn({ cwd, now }, 'certs', 'show', key, '--verbose', '--pem');
  assert.ok(!(shown.stdout + shown.stderr).includes(readFileSync(key, 'latin1').split('\n')[1] ?? ''));
});

const wrong: [argv: string[], said: RegExp][] = [
  [['mqt'], /there is no set "mqt"\n.*mqtt/],
  [['mqtt.1'], /the firmware has one set mqtt only/],
  [['--bits', '1024', '--key-type', 'rsa'], /--bits 1024 is none of 2048, 3072, 4096, for rsa keys/],
  [['--bits', '2048'], /--bits 2048 is none of 256, 384, 521, for ec keys\n.*--key-type rsa/],
  [['--days', '0'], /--days 0 is no number of days/],
  [['--days', '1e9'], /--days 1e9 is no number of days/],
  [['--not-before', '2026-02-30'], /--not-before 2026-02-30 is no date/],
  [['--not-before', 'today'], /is no date/],
  [['--san', 'a b'], /--san a b is no name of a server/],
  [['--san', 'a,,b'], /--san "" is no name of a server/],
  [['--san', 'mqtt=a'], /--san names the set mqtt, which is not made here\n.*client/],
  [['--cn', 'x'.repeat(65)], /is no common name/],
  [['--cn', 'a\u001b'], /--cn a\\x1b is no common name/],
  [['--output', 'x', '--module', 'y'], /contradict/],
];
for (const [argv, said] of wrong) {
  test(`refused: ${argv.join(' ').slice(0, 40).replaceAll('\u001b', '')}`, async (t) => {
    const cwd = scratch(t);
    const { code, stderr } = await create(cwd, ...(argv.includes('--output') ? [] : ['-o', 'raw']), ...argv);
    assert.equal(code, 2, stderr);
    assert.match(stderr, said);
    assert.deepEqual(readdirSync(cwd), []);
  });
}

test('without a project it wants a folder', async (t) => {
  const { code, stderr } = await create(scratch(t), 'mqtt');
  assert.equal(code, 2);
  assert.match(stderr, /^error\[nothing-to-build\].*\n.*choose a folder by -o/);
});

/** As an expression, a pattern of many stars would keep the command busy for hours. */
test('a pattern of many stars is matched in an instant', async (t) => {
  const cwd = scratch(t);
  const files = `${'*a'.repeat(60)}*.crt`;
  const size = { size: '8K' };
  const partitions = { mqtt_ca: { files, ...size }, mqtt_cert: { files, ...size }, mqtt_key: { files, ...size } };
  writeFileSync(join(cwd, 'pki.config.json'), JSON.stringify({ partitions }));
  const { code, stderr } = await create(cwd, 'mqtt');
  assert.equal(code, 2);
  assert.match(stderr, /would not take a file named/);
});
