import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { wrappingOf } from '../../src/pki/wrapping.ts';
import { fixtures } from '../support/paths.ts';

const pem = readFileSync(join(fixtures, 'pki/faults/good.crt'), 'latin1');
const der = readFileSync(join(fixtures, 'pki/faults/der.crt'));
const of = (content: string | Uint8Array) => wrappingOf(typeof content === 'string' ? Buffer.from(content) : content);

const cLiteral = pem
  .trimEnd()
  .split('\n')
  .map((line) => `"${line}\\n"`)
  .join('\n');

for (const [what, content, message, hint] of [
  ['base64', Buffer.from(pem).toString('base64'), /^is base64 of a whole PEM file$/, /base64 -d FILE/],
  ['base64 in lines', `\n${Buffer.from(pem).toString('base64').replace(/.{76}/g, '$&\n')}`, /base64/, /base64 -d/],
  ['URL-encoded', encodeURIComponent(pem), /URL-encoded/, /decodeURIComponent/],
  ['URL-encoded as of a form', new URLSearchParams({ x: pem }).toString().slice(2), /URL-encoded/, /URLSearchParams/],
  ['C source', `const char ca[] =\n${cLiteral};\n`, /string in C source/, /node -p/],
  ['one C string', `"${pem.replaceAll('\n', '\\n')}";`, /string in C source/, /node -p/],
  ['long dashes', pem.replaceAll('-----', '\u2014\u2014'), /dashes of a word processor .*U\+2014/, /five hyphens/],
  ['OpenSSH', '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n', /key of OpenSSH/, /ssh-keygen -p -m PEM/],
  [
    'a public key of OpenSSH',
    'ssh-ed25519 AAAAC3Nza me@here\n',
    /public key of OpenSSH/,
    /cannot use a public key alone/,
  ],
  ['PuTTY', 'PuTTY-User-Key-File-3: ssh-rsa\n', /key of PuTTY/, /puttygen/],
  ['JKS', Buffer.from('feedfeed00000002', 'hex'), /key store of Java/, /keytool/],
  ['git-crypt', Buffer.from('\0GITCRYPT\0abc', 'latin1'), /git-crypt/, /git-crypt unlock/],
  ['Git LFS', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\n', /Git LFS/, /git lfs pull/],
  ['ansible-vault', '$ANSIBLE_VAULT;1.1;AES256\n6132\n', /ansible-vault/, /ansible-vault decrypt/],
  ['age', 'age-encryption.org/v1\n-> X25519\n', /by age/, /age --decrypt/],
  ['armoured age', '-----BEGIN AGE ENCRYPTED FILE-----\nAAAA\n', /by age/, /age --decrypt/],
  ['sops', '{"data":"ENC[AES256_GCM,data:x]","sops":{"version":"3"}}', /by sops/, /sops --decrypt/],
  ['HTML', '<!DOCTYPE html><html><body>404</body></html>', /web page/, /download/],
  ['XML', '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', /XML/, /download/],
  ['JSON', '{"message":"Not Found"}', /JSON/, /download/],
  ['a hex dump', der.toString('hex').replace(/.{64}/g, '$&\n'), /hex dump/, /xxd -r -p FILE/],
  [
    'bytes of C source',
    [...der].map((byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(', '),
    /hex dump/,
    /sed 's\/0x/,
  ],
  ['gzip', Buffer.from('1f8b0800', 'hex'), /gzip/, /gunzip/],
  ['DER as text', Buffer.from(der.toString('utf8')), /saved as text/, /binary/],
  ['an error of a server', '404: Not Found', /a server answered/, /download/],
  [
    'a key of OpenSSH that is Ed25519',
    `-----BEGIN OPENSSH PRIVATE KEY-----\n${Buffer.from('openssh-key-v1 ssh-ed25519').toString('base64')}\n`,
    /OpenSSH/,
    /Ed25519/,
  ],
  ['a quotation', pem.replace(/^(?=.)/gm, '> '), /before each of its lines/, /sed/],
  ['text of openssl', 'Certificate:\n    Data:\n        Version: 3 (0x2)\n', /openssl x509 -text/, /BEGIN/],
] as const) {
  test(`${what} is known, with what to do`, () => {
    const found = of(content);
    assert.match(found?.message ?? 'nothing', message);
    assert.match(found?.hint ?? '', hint);
  });
}

test('certificates, keys, noise and other text are no wrapping', () => {
  const others = [
    pem,
    der,
    new Uint8Array(),
    'hello\n',
    Buffer.alloc(100, 0xff),
    '#include <stdio.h>\n',
    pem.replaceAll('\n', '\r\n'),
  ];
  for (const content of others) assert.equal(of(content), undefined);
});
