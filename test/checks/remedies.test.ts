import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { concat } from '../../src/core/bytes.ts';
import { derOf, tags } from '../../src/pki/der.ts';
import { pemOf } from '../../src/pki/to-pem.ts';
import { certificatePem, hex, newKey, type Order } from '../support/certificate.ts';
import { isInstalled, outputOf } from '../support/child.ts';
import { fixtures } from '../support/paths.ts';
import { atPki } from '../support/run-rig.ts';
import { scratch } from '../support/scratch.ts';

// What a hint tells a user to do is done here, on the file that it is shown for: then the file builds without the finding.

const faults = join(fixtures, 'pki/faults');
const fault = (name: string): Buffer => readFileSync(join(faults, name));
const pem = fault('good.crt').toString('latin1');
const chain = fault('chain_leaf_first.pem').toString('latin1');
const ec = newKey('prime256v1');
const root: Order = { subject: 'CA', key: newKey('prime256v1'), ca: true };

const pkcs8WithAttributes = (): Buffer => {
  const algorithm = derOf(tags.sequence, hex('06072a8648ce3d0201'), hex('06082a8648ce3d030107'));
  const inner = ec.export({ type: 'sec1', format: 'der' });
  const key = derOf(tags.sequence, hex('020100'), algorithm, derOf(tags.octetString, inner), derOf(tags.context(0)));
  return Buffer.from(pemOf('PRIVATE KEY', key));
};
const openSsh = (t: TestContext): Buffer => {
  const file = join(scratch(t), 'k');
  writeFileSync(file, ec.export({ type: 'sec1', format: 'pem' }), { mode: 0o600 });
  outputOf('ssh-keygen', ['-p', '-N', '', '-f', file]);
  return readFileSync(file);
};
/** The password of all of them. */
const password = 'at-pki';
const encrypted = (): Buffer =>
  Buffer.from(ec.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: password }));
/** What openssl makes of a certificate and its key. */
const made = (t: TestContext, ...argv: readonly string[]): Buffer => {
  const folder = scratch(t);
  writeFileSync(join(folder, 'c.pem'), certificatePem({ subject: 'device', key: ec }));
  writeFileSync(join(folder, 'k.pem'), ec.export({ type: 'sec1', format: 'pem' }));
  outputOf('openssl', [...argv, '-out', join(folder, 'made')], { cwd: folder });
  return readFileSync(join(folder, 'made'));
};
const pkcs7 = (t: TestContext): Buffer => made(t, 'crl2pkcs7', '-nocrl', '-certfile', 'c.pem');
const pkcs12 = (t: TestContext): Buffer =>
  made(t, 'pkcs12', '-export', '-in', 'c.pem', '-inkey', 'k.pem', '-passout', `pass:${password}`);
const cSource = (text: string): string =>
  `const char ca[] =\n${text
    .trimEnd()
    .split('\n')
    .map((line) => `  "${line}\\n"`)
    .join('\n')};\n`;
const der = fault('der.crt');
const bytesOfC = [...der].map((byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(', ');
const expired: Order = {
  ...root,
  subject: 'old',
  key: newKey('prime256v1'),
  notAfter: new Date('2025-01-01T00:00:00Z'),
};

type Case = readonly [
  what: string,
  slot: string,
  content: Uint8Array | string | ((t: TestContext) => Uint8Array),
  code: string,
  tools?: readonly string[],
];
const cases: readonly Case[] = [
  ['base64 of a PEM', 'client_cert', Buffer.from(pem).toString('base64'), 'unparsable', ['base64']],
  ['a URL-encoded PEM', 'client_cert', encodeURIComponent(pem), 'unparsable'],
  ['a PEM out of a form', 'client_cert', new URLSearchParams({ x: pem }).toString().slice(2), 'unparsable'],
  ['C source', 'client_ca', cSource(certificatePem(root).toString()), 'unparsable', ['sed']],
  [
    'C source with CR and LF',
    'client_ca',
    cSource(certificatePem(root).toString()).replaceAll('\\n"', '\\r\\n"'),
    'unparsable',
  ],
  [
    'one C string',
    'client_ca',
    `const char *ca = "${certificatePem(root).toString().replaceAll('\n', '\\n')}";\n`,
    'unreadable-form',
  ],
  [
    'C source continued',
    'client_ca',
    `"${certificatePem(root).toString().replaceAll('\n', '\\n\\\n')}";\n`,
    'unparsable',
  ],
  ['lines of a quotation', 'client_cert', pem.replace(/^(?=.)/gm, '> '), 'unparsable', ['sed']],
  ['lines of a comment', 'client_cert', pem.replace(/^(?=.)/gm, '# '), 'unparsable', ['sed']],
  ['an END line too early', 'client_cert', `see -----END CERTIFICATE-----\n${pem}`, 'unreadable-form'],
  ['gzip', 'client_cert', gzipSync(pem), 'unparsable', ['gunzip']],
  ['a hex dump', 'client_cert', der.toString('hex').replace(/.{64}/g, '$&\n'), 'unparsable', ['xxd']],
  ['bytes of C source', 'client_cert', bytesOfC, 'unparsable', ['xxd', 'sed', 'tr']],
  ['a key of OpenSSH', 'client_key', openSsh, 'unparsable', ['ssh-keygen']],
  [
    'PKCS #8 labelled as PKCS #1',
    'client_key',
    fault('good_pkcs8.key').toString().replaceAll('PRIVATE KEY', 'RSA PRIVATE KEY'),
    'unparsable',
    ['sed'],
  ],
  ['a PEM on one line', 'client_cert', pem.replaceAll('\n', ''), 'unreadable-form'],
  ['an indented chain', 'client_cert', chain.replace(/^/gm, '  '), 'unreadable-form'],
  ['a chain with CR', 'client_cert', chain.replaceAll('\n', '\r'), 'unreadable-form'],
  ['escaped line ends', 'client_cert', pem.replaceAll('\n', '\\n'), 'unreadable-form'],
  ['another label', 'client_cert', pem.replaceAll('CERTIFICATE', 'X509 CERTIFICATE'), 'unreadable-form'],
  ['no BEGIN and END', 'client_cert', pem.replace(/-----.*-----\n/g, ''), 'unreadable-form'],
  ['a key on one line', 'client_key', fault('good.key').toString().replaceAll('\n', ''), 'unreadable-form'],
  ['DER for MQTT', 'mqtt_cert', der, 'pem-required'],
  ['a key in DER', 'client_key', fault('der.key'), 'pem-required'],
  ['attributes in PKCS #8', 'client_key', pkcs8WithAttributes(), 'refused-form', ['openssl']],
  ['an encrypted key', 'client_key', encrypted, 'encrypted-key', ['openssl']],
  ['PKCS #7', 'client_cert', pkcs7, 'slot-kind', ['openssl']],
  ['PKCS #12 for its certificate', 'client_cert', pkcs12, 'slot-kind', ['openssl']],
  ['PKCS #12 for its key', 'client_key', pkcs12, 'slot-kind', ['openssl']],
  ['a NUL that Wi-Fi Enterprise needs', 'wpa2_cert', pem, 'trailing-nul'],
  ['a chain in the wrong order', 'client_cert', fault('chain_wrong_order.pem'), 'chain-order'],
];

/** Whether a tool is there, whatever it makes of a question for its version. */
const has = (tool: string): boolean => isInstalled('bash', '-c', `command -v ${tool}`);

for (const [what, slot, content, code, tools = []] of cases) {
  const missing = tools.filter((tool) => !has(tool));
  test(`the remedy for ${what} works`, { skip: missing.length > 0 && `no ${missing.join(', ')}` }, async (t) => {
    const cwd = scratch(t);
    mkdirSync(join(cwd, slot));
    const file = join(cwd, slot, 'a.file');
    writeFileSync(file, typeof content === 'function' ? content(t) : content, { mode: 0o600 });
    const config = {
      chip: 'esp32',
      espAt: slot.startsWith('wpa2') ? 'v2.2' : undefined,
      outDir: 'out',
      partitions: { [slot]: { files: `${slot}/a.file`, offset: '0x20000', size: '16K' } },
    };
    const write = (more: object = {}) =>
      writeFileSync(join(cwd, 'pki.config.json'), JSON.stringify({ ...config, ...more }));
    const find = async () => {
      const { stdout } = await atPki(cwd, 'build', '--json');
      const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; severity: string; hint: string }[] };
      return {
        found: diagnostics.find((one) => one.code === code),
        errors: diagnostics.filter((one) => one.severity === 'error'),
      };
    };
    write();
    const { found } = await find();
    assert.ok(found, `no ${code}`);
    const setting = /("normalize": \{.*?\})/.exec(found.hint)?.[1];
    if (setting !== undefined) write(JSON.parse(`{ ${setting} }`));
    else follow(found.hint, file, join(cwd, 'new'));
    const { found: still, errors } = await find();
    assert.deepEqual([still, errors], [undefined, []], found.hint);
  });
}

/** Does what a hint says: the command behind its colon, with FILE and NEW replaced. */
function follow(hint: string, file: string, next: string): void {
  // Whoever has the password types it.
  const typed = (command: string) => command.replace(/^(openssl (?:pkey|pkcs12))/, `$1 -passin pass:${password}`);
  const command = hint
    .slice(hint.indexOf(': ') + 2)
    .replace(/; protect .*/, '')
    .replaceAll('FILE', `'${file}'`)
    .replaceAll('NEW', `'${next}'`);
  outputOf('bash', ['-c', typed(command)]);
  if (!existsSync(next)) return;
  renameSync(next, file);
  chmodSync(file, 0o600);
}

test('what to leave out is named, and the rest goes on', async (t) => {
  const cwd = scratch(t);
  mkdirSync(join(cwd, 'client_ca'));
  const file = join(cwd, 'client_ca/a.pem');
  writeFileSync(file, concat([certificatePem(expired), certificatePem(root)]));
  const partitions = { client_ca: { files: 'client_ca/a.pem', offset: '0x20000', size: '16K' } };
  writeFileSync(join(cwd, 'pki.config.json'), JSON.stringify({ chip: 'esp32', outDir: 'out', partitions }));
  const { code, stderr } = await atPki(cwd, 'check');
  assert.equal(code, 0);
  assert.match(stderr, /^warning\[expired\]: .*\n.*\n.*remove it: the other CAs in the file still work/);
  writeFileSync(file, certificatePem(root));
  assert.equal((await atPki(cwd, 'check')).stderr, '');
});

test('the hints that speak of a chain lose none of it', () => {
  // `openssl x509 -in FILE -out NEW` keeps the first certificate alone.
  for (const name of ['unreadable-form', 'chain-order']) {
    const source = readFileSync(join(fixtures, `../../src/checks/${name}.ts`), 'utf8');
    assert.doesNotMatch(source, /openssl x509 -in FILE/);
  }
});
