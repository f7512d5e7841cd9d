import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { atPki } from '../support/run-rig.ts';
import { scratch } from '../support/scratch.ts';

const { privateKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'sec1', format: 'pem' },
});
const body = privateKey.split('\n').slice(1, -2).join('');
const json = JSON.stringify(privateKey);
const block = (indent: number) => privateKey.trim().replace(/^/gm, ' '.repeat(indent));

/** Whether any eight characters of the key in a row stand in a text. */
function leaks(text: string): boolean {
  const plain = text.replace(/\\n|[\s│|]/g, '');
  return Array.from(body, (_, at) => body.slice(at, at + 8)).some(
    (piece) => piece.length === 8 && plain.includes(piece),
  );
}

// A key at every place where a config takes a text, and at some where it does not.
const pastes: [what: string, name: string, text: string][] = [
  ['as a value of another kind', 'pki.config.json', `{ "chip": ${json} }`],
  ['as a size', 'pki.config.json', `{ "partitions": { "a_ca": { "size": ${json}, "ofset": 1 } } }`],
  ['without its marks', 'pki.config.json', `{ "flashSize": "${body}", "chp": 1 }`],
  ['as the name of a property', 'pki.config.json', `{ ${json}: 1, "${body}": 2 }`],
  ['as the name of a partition', 'pki.config.json', `{ "partitions": { ${json}: { "size": 0 }, "${body}": {} } }`],
  ['twice as a name', 'pki.config.json', `{ ${json}: 1, ${json}: 1 }`],
  ['beside another mistake', 'pki.config.json', `{ "outDir": ${json}, "chp": 1 }`],
  [
    'in a value of a namespace',
    'pki.config.json',
    `{ "partitions": { "a": { "namespaces": { "b": { "values": {\n"c": { "encoding": "base64" "value": "${body}" }\n} } } } } }`,
  ],
  ['without quotes', 'pki.config.json', `{ "outDir": ${body} }`],
  ['without quotes as a name', 'pki.config.json', `{ ${body}: 1 }`],
  ['without its closing quote', 'pki.config.json', `{ "outDir": ${json.slice(0, -1)}, "chp": 1`],
  ['with real line breaks', 'pki.config.json', `{ "outDir": "${privateKey}", "chp": 1 }`],
  ['as a block', 'pki.config.yaml', `chip: |\n${block(2)}\nofset: 1\n`],
  ['as a block under a wrong name', 'pki.config.yaml', `chp: |\n${block(2)}\nflash: 3\n`],
  ['as a block indented wrongly', 'pki.config.yaml', `outDir:\n${block(0)}\n`],
  [
    'as a block whose last line is not indented',
    'pki.config.yaml',
    `outDir: |\n${block(2).replace(/ +(\S+\n +-----END)/, '$1')}\n`,
  ],
  ['on one line of YAML', 'pki.config.yaml', `chip: ${body}\n${body}: 1\n${body}: 2\n`],
  ['as an alias', 'pki.config.yaml', `chip: *${body}\n`],
  ['as a tag', 'pki.config.yaml', `chip: !${body} x\n`],
  [
    'in a program',
    'pki.config.mjs',
    `export default { chip: ${json}, ${json}: 1, partitions: { ${json}: { size: 0 } } };`,
  ],
];
for (const [what, name, text] of pastes) {
  test(`a private key pasted ${what} is in nothing that is printed`, async (t) => {
    const folder = scratch(t);
    writeFileSync(join(folder, name), text);
    for (const reporter of ['pretty', 'json', 'github']) {
      const { code, stdout, stderr } = await atPki(folder, 'build', '--reporter', reporter);
      assert.equal(code, 2, stderr);
      assert.ok(!leaks(stdout + stderr), stdout + stderr);
    }
  });
}

test('what is wrong with a value that is a key is said nevertheless', async (t) => {
  const folder = scratch(t);
  writeFileSync(join(folder, 'pki.config.json'), `{ "flashSize": ${json} }`);
  const { stderr } = await atPki(folder, 'build');
  assert.match(
    stderr,
    /^error\[config-value\]: a text that looks like a key is not a size\n {2}--> pki\.config\.json:1:16\n/,
  );
  assert.match(stderr, /\n {2}1 │ \{ "flashSize": "-----BEGIN EC PRIVATE KEY-----\*+…\n {4}│ {16}~+\n/);
});
