import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { newKey } from '../../../src/pki/new-key.ts';
import { chain, type Made, made, now, serve, servePlain } from '../../support/chain.ts';
import { atPkiIn } from '../../support/run-rig.ts';
import { scratch } from '../../support/scratch.ts';

/** Fetches the CA of a server that sends these; `roots` are the ones at hand. */
async function fetched(t: TestContext, sent: readonly Made[], roots: readonly Made[] = [], ...argv: string[]) {
  const cwd = scratch(t);
  const server = await serve(t, sent);
  const known = roots.length > 0 ? ['--roots', 'roots.pem'] : [];
  writeFileSync(join(cwd, 'roots.pem'), roots.map(({ pem }) => pem).join(''));
  const ran = await atPkiIn({ cwd, now }, 'certs', 'fetch-ca', server, '-o', 'ca.crt', ...known, ...argv);
  const file = join(cwd, 'ca.crt');
  return { ...ran, server, written: existsSync(file) ? readFileSync(file, 'latin1') : undefined };
}

test('the root that the server sends, which nobody else vouches for', async (t) => {
  const { root, middle, leaf } = await chain();
  const { code, stdout, stderr, written, server } = await fetched(t, [leaf, middle, root]);
  assert.equal(code, 0);
  assert.equal(written, root.pem);
  assert.equal(
    stdout.replaceAll(/[0-9a-f]{64}/g, '…'),
    `ca.crt: the CA O=at-pki development, CN=test root
  sent by the server
  valid    2029-01-01 to 2031-01-01 (365 days left)
  SHA-256  …
  ${root.pem.length} bytes: its partition must hold that many and 15 more (some have 4,096 in all)
`,
  );
  assert.equal(
    stderr,
    `warning[ca-unverified]: only ${server} itself vouches for this CA: it is not among the known roots
  → compare its SHA-256 with what its owner tells you, before devices trust it
`,
  );
});

test('the root sent in another order, or the same one at hand', async (t) => {
  const { root, middle, leaf } = await chain();
  const { written, stderr } = await fetched(t, [leaf, root, middle], [root]);
  assert.deepEqual([written, stderr], [root.pem, '']);
});

test('the root at hand that signed what was sent, by signature and not by name alone', async (t) => {
  const { root, middle, leaf } = await chain();
  const namesake = await made('test root', undefined);
  const { code, stdout, stderr, written } = await fetched(t, [leaf, middle], [namesake, root]);
  assert.deepEqual([code, stderr, written], [0, '', root.pem]);
  assert.match(stdout, /found among the known roots/);
  const refused = await fetched(t, [leaf, middle], [namesake]);
  assert.deepEqual([refused.code, refused.written], [1, undefined]);
  assert.match(refused.stderr, /the CA named .*CN=test root that is at hand did not sign .*CN=test intermediate/);
});

test('a root that was sent signed by an older one: the one at hand with the same key', async (t) => {
  const old = { notBefore: new Date('2010-01-01T00:00:00Z'), notAfter: new Date('2028-01-01T00:00:00Z') };
  const key = await newKey({ type: 'ec', bits: 256 });
  const older = await made('older root', undefined, old);
  const root = await made('newer root', undefined, { key });
  const cross = await made('newer root', older, { key });
  const leaf = await made('server', root, { role: 'server' });
  const { code, written } = await fetched(t, [leaf, cross, older], [root]);
  assert.deepEqual([code, written], [0, root.pem]);
});

const refusals: [what: string, sent: () => Promise<readonly Made[]>, said: RegExp][] = [
  [
    'an incomplete chain',
    async () => [(await chain()).leaf],
    /its chain ends at .*CN=test server, whose issuer .*CN=test intermediate was not sent and is not among the known roots\n.*should send its intermediates/,
  ],
  [
    'a chain of strangers',
    async () => [(await chain()).leaf, (await chain()).root],
    /its chain ends at .*CN=test server.*\n.*the others that it sends do not belong to it/,
  ],
  [
    'a certificate that signed itself',
    async () => [await made('alone', undefined, { role: 'server' })],
    /its certificate is signed by itself: there is no CA above it/,
  ],
  ['the same, as a CA', async () => [await made('alone', undefined)], /its certificate is signed by itself/],
  [
    'a chain with the certificate of a server in its middle',
    async () => {
      const root = await made('root', undefined);
      const other = await made('other server', root, { role: 'server' });
      return [await made('server', other, { role: 'server' }), other, root];
    },
    /CN=other server, which signed a certificate of its chain, does not say that it is a CA/,
  ],
  [
    'a root that expired',
    async () => {
      const old = { notBefore: new Date('2010-01-01T00:00:00Z'), notAfter: new Date('2028-01-01T00:00:00Z') };
      const root = await made('old root', undefined, old);
      return [await made('server', root, { role: 'server' }), root];
    },
    /its root .*CN=old root expired on 2028-01-01/,
  ],
  [
    'a root that is no CA',
    async () => {
      const root = await made('no ca', undefined, { role: 'server' });
      return [await made('server', root, { role: 'server' }), root];
    },
    /its root .*CN=no ca does not say that it is a CA/,
  ],
];
for (const [what, sent, said] of refusals) {
  test(`no CA of ${what}: a clear no, nothing written, exit code 1`, async (t) => {
    const { code, stdout, stderr, written } = await fetched(t, await sent());
    assert.deepEqual([code, stdout, written], [1, '', undefined]);
    assert.match(stderr, /^error\[ca-unknown\]: there is no CA to be had for 127\.0\.0\.1:\d+: /);
    assert.match(stderr, said);
    assert.match(stderr, /\n {2}→ /);
  });
}

test('servers that cannot be asked: exit code 3, nothing written', async (t) => {
  const cwd = scratch(t);
  for (const server of ['127.0.0.1:1', await servePlain(t, () => {})]) {
    const ran = await atPkiIn({ cwd, now }, 'certs', 'fetch-ca', server, '-o', 'ca.crt', '--timeout', '0.2');
    assert.equal(ran.code, 3, ran.stderr);
  }
  assert.ok(!existsSync(join(cwd, 'ca.crt')));
});

test('a file that exists is kept, unless --force; a wrong command line is said', async (t) => {
  const cwd = scratch(t);
  const { root, middle, leaf } = await chain();
  const server = await serve(t, [leaf, middle, root]);
  writeFileSync(join(cwd, 'ca.crt'), 'mine');
  const run = (...argv: string[]) => atPkiIn({ cwd, now }, 'certs', 'fetch-ca', ...argv);
  assert.equal((await run(server, '-o', 'ca.crt')).code, 1);
  assert.equal(readFileSync(join(cwd, 'ca.crt'), 'utf8'), 'mine');
  const forced = await run(server, '-o', 'ca.crt', '--force', '--json');
  assert.equal(forced.code, 0);
  const { file, size, source, certificate } = JSON.parse(forced.stdout) as Record<string, unknown>;
  assert.deepEqual([file, size, source], ['ca.crt', root.pem.length, 'sent']);
  assert.equal((certificate as { subject: string }).subject, 'O=at-pki development, CN=test root');
  for (const argv of [
    [server],
    ['127.0.0.1', '-o', 'x'],
    [server, '-o', 'x', '--timeout', '-1'],
    [server, '-o', 'x', '--timeout=0'],
    [server, '-o', 'x', '--servername', '1 2'],
  ]) {
    assert.equal((await run(...argv)).code, 2, argv.join(' '));
  }
});
