import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { made, now } from '../../support/chain.ts';
import { write } from '../../support/checkout.ts';
import { exampleCheckout } from '../../support/example-checkout.ts';
import { atPkiIn } from '../../support/run-rig.ts';
import { scratch } from '../../support/scratch.ts';

interface Listed {
  certificates: { partition: string; slot: string; file: string; subject: string; daysLeft: number; key: string }[];
}

test('every certificate of a checkout, the next to expire first', async (t) => {
  const cwd = exampleCheckout(t);
  const soon = await made('soon', undefined, { notAfter: new Date('2030-02-01T00:00:00Z') });
  writeFileSync(join(cwd, 'components/customized_partitions/raw_data/mqtt_ca/mqtt_ca.crt'), soon.pem);
  const { code, stdout, stderr } = await atPkiIn({ cwd, now }, 'certs', 'list');
  assert.deepEqual([code, stderr], [0, '']);
  const lines = stdout.split('\n');
  assert.match(lines[0] ?? '', /^slot +until +key +subject +issuer$/);
  assert.match(
    lines[1] ?? '',
    /^mqtt_ca\.0 +2030-02-01 {2}31 days left +EC P-256 {2}O=at-pki development, CN=soon +itself$/,
  );
  assert.equal(lines.length, 10);
  assert.match(stdout, /\nclient_cert\.1 /);
});

test('of an NVS image, by namespace and slot, a chain with each of its certificates', async (t) => {
  const cwd = scratch(t);
  const [one, two] = [await made('one', undefined), await made('two', undefined)];
  const config = {
    partitions: {
      mfg_nvs: { offset: '0x21000', size: '112K', namespaces: { client_ca: {}, mqtt_ca: { files: 'bundle.pem' } } },
    },
  };
  write(cwd, {
    'pki.config.json': JSON.stringify(config),
    'client_ca/a.crt': one.pem,
    'client_ca/b.crt': two.pem,
    'bundle.pem': one.pem + two.pem,
  });
  const { code, stdout } = await atPkiIn({ cwd, now }, 'certs', 'list', '--json');
  assert.equal(code, 0);
  const { certificates } = JSON.parse(stdout) as Listed;
  assert.deepEqual(
    certificates.map(({ partition, slot, file, subject }) => [partition, slot, file, subject.slice(-3)]).sort(),
    [
      ['mfg_nvs', 'client_ca.0', 'client_ca/a.crt', 'one'],
      ['mfg_nvs', 'client_ca.1', 'client_ca/b.crt', 'two'],
      ['mfg_nvs', 'mqtt_ca', 'bundle.pem', 'one'],
      ['mfg_nvs', 'mqtt_ca', 'bundle.pem', 'two'],
    ],
  );
  assert.match((await atPkiIn({ cwd, now }, 'certs', 'list')).stdout, /\nmfg_nvs\/mqtt_ca /);
});

test('--expires-within: exit code 1 if one does, or has already', async (t) => {
  const cwd = exampleCheckout(t);
  const list = (time: string, ...argv: string[]) =>
    atPkiIn({ cwd, now: () => new Date(time) }, 'certs', 'list', '--expires-within', ...argv);
  // They are valid until 2044-01-01.
  assert.equal((await list('2043-12-01T00:00:00Z', '30')).code, 0);
  const late = await list('2043-12-03T00:00:00Z', '30');
  assert.equal(late.code, 1);
  assert.match(
    late.stderr,
    /error\[expires-soon\]: .*mqtt_ca\.crt \(mqtt_ca\.0, .*\) expires on 2044-01-01, in 29 days/,
  );
  const over = await list('2044-02-01T00:00:00Z', '0');
  assert.equal(over.code, 1);
  assert.match(over.stderr, /error\[expired\]: .* expired on 2044-01-01/);
  assert.equal((await list('2043-12-01T00:00:00Z', 'soon')).code, 2);
});

test('without a project there is nothing to list', async (t) => {
  const { code, stderr } = await atPkiIn({ cwd: scratch(t), now }, 'certs', 'list');
  assert.equal(code, 2);
  assert.match(stderr, /^error\[nothing-to-build\]/);
});

// Without it a warning that the config switched off would come back here.
test('what was found on the way to the project has the severity that the config asks for', async (t) => {
  const cwd = scratch(t);
  const text = JSON.stringify({
    checks: { 'config-ignored': 'off' },
    partitions: { a_ca: { size: '8K', files: 'a.crt' } },
  });
  write(cwd, { 'pki.config.json': text, 'pki.config.yaml': text, 'a.crt': (await made('one', undefined)).pem });
  assert.equal((await atPkiIn({ cwd, now }, 'certs', 'list')).stderr, '');
});

/** A nightly job with --expires-within would take silence for "nothing expires". */
test('what is in the place of a certificate and cannot be read is an error that names it', async (t) => {
  const cwd = scratch(t);
  const { pem } = await made('one', undefined);
  const damaged = pem.replace(/\n.{20}/, `\n${'A'.repeat(20)}`);
  const config = {
    partitions: {
      client_ca: { offset: '0x21000', size: '8K', files: ['a.crt', 'b.crt', 'both.pem', 'c.txt', 'd.key', 'e.crt'] },
      client_key: { offset: '0x23000', size: '8K', files: 'd.key' },
    },
  };
  const key = '-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----\n';
  write(cwd, {
    'pki.config.json': JSON.stringify(config),
    ...{ 'a.crt': pem, 'b.crt': damaged, 'both.pem': pem + damaged, 'c.txt': 'words', 'd.key': key, 'e.crt': '' },
  });
  for (const argv of [[], ['--expires-within', '1'], ['--json']]) {
    const { code, stdout, stderr } = await atPkiIn({ cwd, now }, 'certs', 'list', ...argv);
    assert.equal(code, 1);
    const text = stdout + stderr;
    assert.match(text, /b\.crt \(client_ca\.1\) cannot be read: line 1: /);
    assert.match(text, /both\.pem \(client_ca\.2\) cannot be read: line \d+: /);
    assert.match(text, /c\.txt \(client_ca\.3\) holds no certificate, but text/);
    assert.match(text, /d\.key \(client_ca\.4\) holds no certificate, only public key/);
    assert.match(text, /e\.crt \(client_ca\.5\) is empty/);
    assert.doesNotMatch(text, /client_key/);
    assert.match(text, /both\.pem|client_ca\.2/);
  }
});
