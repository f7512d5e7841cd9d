import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { now } from '../../support/chain.ts';
import { isInstalled, ran, start } from '../../support/child.ts';
import { atPkiIn } from '../../support/run-rig.ts';
import { type Cleanup, scratch } from '../../support/scratch.ts';
import { until } from '../../support/until.ts';

// An independent judge of what `certs create` makes.
const skip = isInstalled('openssl', 'version') ? false : 'openssl is not installed';

const openssl = (cwd: string, ...argv: string[]) => ran('openssl', argv, { cwd });

/** Runs `openssl s_server` until the test is over; returns the address that it listens at. */
async function opensslServer(t: Cleanup, cwd: string, ...argv: string[]): Promise<string> {
  const { said, ended } = start(t, 'openssl', ['s_server', '-accept', '127.0.0.1:0', ...argv], { cwd });
  let isOver = false;
  const end = (): void => {
    isOver = true;
  };
  ended.then(end, end);
  const address = () => /ACCEPT (127\.0\.0\.1:\d+)\n/.exec(said.stdout)?.[1];
  await until(() => isOver || address() !== undefined);
  assert.equal(isOver, false, `openssl s_server has ended: ${said.stderr}`);
  return address() ?? '';
}

for (const keys of ['ec', 'rsa']) {
  test(`openssl takes the ${keys} chains for the purpose that each is made for`, { skip }, async (t) => {
    const cwd = scratch(t);
    const { code } = await atPkiIn({ cwd }, 'certs', 'create', 'mqtt', 'server', '-o', 'raw', '--key-type', keys);
    assert.equal(code, 0);
    const verified = (purpose: string, ca: string, leaf: string) => {
      const { stdout, stderr } = openssl(cwd, 'verify', '-x509_strict', '-purpose', purpose, '-CAfile', ca, leaf);
      assert.equal(stdout, `${leaf}: OK\n`, stderr);
    };
    verified('sslserver', 'raw/mqtt_ca/mqtt_ca.crt', 'certs-host/mqtt/server.crt');
    verified('sslclient', 'certs-host/mqtt/device-ca.crt', 'raw/mqtt_cert/mqtt_client.crt');
    verified('sslserver', 'certs-host/server/device-ca.crt', 'raw/server_cert/server_cert.crt');
    verified('sslclient', 'raw/server_ca/server_ca.crt', 'certs-host/server/client.crt');
  });
}

test('openssl s_server and s_client work with what is made, as the README of the folder says', { skip }, async (t) => {
  const cwd = scratch(t);
  assert.equal((await atPkiIn({ cwd }, 'certs', 'create', 'mqtt', 'server', '-o', 'raw')).code, 0);
  // The device is a client: openssl plays the broker.
  const mqtt = join(cwd, 'certs-host/mqtt');
  const own = ['-cert', 'server.crt', '-key', 'server.key', '-CAfile', 'device-ca.crt', '-Verify', '1'];
  const broker = await opensslServer(t, mqtt, ...own, '-verify_return_error');
  const device = [
    '-cert',
    'mqtt_cert/mqtt_client.crt',
    '-key',
    'mqtt_key/mqtt_client.key',
    '-CAfile',
    'mqtt_ca/mqtt_ca.crt',
  ];
  const name = ['-verify_return_error', '-verify_hostname', 'localhost'];
  const asClient = openssl(join(cwd, 'raw'), 's_client', '-connect', broker, ...device, ...name);
  assert.match(asClient.stdout, /Verify return code: 0 \(ok\)/, asClient.stderr);
  // The device is a server: openssl plays its client.
  const files = [
    '-cert',
    'server_cert/server_cert.crt',
    '-key',
    'server_key/server.key',
    '-CAfile',
    'server_ca/server_ca.crt',
  ];
  const server = await opensslServer(t, join(cwd, 'raw'), ...files, '-Verify', '1', '-verify_return_error');
  const client = ['-cert', 'client.crt', '-key', 'client.key', '-CAfile', 'device-ca.crt', '-verify_return_error'];
  const asServer = openssl(join(cwd, 'certs-host/server'), 's_client', '-connect', server, ...client);
  assert.match(asServer.stdout, /Verify return code: 0 \(ok\)/, asServer.stderr);
});

test('a PKCS #7 of openssl is shown with its certificates', { skip }, async (t) => {
  const cwd = scratch(t);
  assert.equal((await atPkiIn({ cwd, now }, 'certs', 'create', 'mqtt', '-o', 'raw')).code, 0);
  const from = ['-certfile', 'certs-host/mqtt/server.crt', '-certfile', 'raw/mqtt_ca/mqtt_ca.crt'];
  for (const form of ['PEM', 'DER']) {
    assert.equal(openssl(cwd, 'crl2pkcs7', '-nocrl', '-outform', form, '-out', 'chain.p7b', ...from).code, 0);
    const { stdout } = await atPkiIn({ cwd, now }, 'certs', 'show', 'chain.p7b');
    assert.match(stdout, /^chain\.p7b: 2 certificates\n/);
    assert.match(stdout, /by the next one\n[\s\S]*by its own key\n/);
  }
});
