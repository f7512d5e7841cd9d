import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { cpSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { grouped } from '../../../src/core/text.ts';
import { atpki } from '../../../src/formats/atpki/format.ts';
import { decode } from '../../../src/formats/nvs/decode.ts';
import { type BuildOptions, type BuildReport, build } from '../../../src/index.ts';
import { fixtures } from '../../support/paths.ts';
import { type Cleanup, scratch } from '../../support/scratch.ts';

const faults = join(fixtures, 'pki/faults');
const textOf = (name: string): string => readFileSync(join(faults, name), 'latin1');
const cat = (name: string): { exec: string[] } => ({
  exec: [process.execPath, '-e', `process.stdout.write(require('node:fs').readFileSync(${JSON.stringify(name)}))`],
});

/** A folder with a config and the files of the fixtures in `f`. */
function projectWith(t: Cleanup, config: unknown): string {
  const folder = scratch(t);
  cpSync(faults, join(folder, 'f'), { recursive: true });
  writeFileSync(join(folder, 'pki.config.json'), JSON.stringify({ outDir: 'out', ...Object(config) }, undefined, 2));
  return folder;
}

async function run(
  t: Cleanup,
  config: unknown,
  options: BuildOptions = {},
): Promise<{ cwd: string; report: BuildReport }> {
  const cwd = projectWith(t, config);
  return { cwd, report: await build({ cwd, env: {}, ...options }) };
}

const said = ({ diagnostics }: BuildReport, code?: string): string[] =>
  diagnostics
    .filter((one) => (code === undefined ? one.severity === 'error' : one.code === code))
    .map(({ message, line, column }) => `${line}:${column} ${message}`);

function binItems(file: string): string[] {
  const decoded = atpki.decode(readFileSync(file));
  assert.ok(decoded.ok);
  return decoded.value.map(({ bytes }) => Buffer.from(bytes).toString('latin1'));
}

test('a PKI bin of a variable, a program and a file, in this order', async (t) => {
  const files = [{ env: 'KEY' }, cat('f/other.key'), { file: 'f/good.key' }];
  const { cwd, report } = await run(
    t,
    { partitions: { client_key: { files, size: '12K' } } },
    { env: { KEY: textOf('secp521r1.key') } },
  );
  assert.deepEqual(said(report), []);
  assert.deepEqual(
    report.partitions[0]?.items.map(({ file }) => file),
    ['env: KEY', `exec: ${process.execPath}`, 'f/good.key'],
  );
  const image = join(cwd, 'out/client_key.bin');
  assert.deepEqual(binItems(image), [textOf('secp521r1.key'), textOf('other.key'), textOf('good.key')]);
  assert.equal(statSync(image).mode & 0o777, 0o600);
});

test('a raw partition of a program, whose private key makes its image 0600', async (t) => {
  const { cwd, report } = await run(t, {
    partitions: { blob: { format: 'raw', files: cat('f/good.key'), size: '8K' } },
  });
  assert.deepEqual(said(report), []);
  assert.equal(readFileSync(join(cwd, 'out/blob.bin'), 'latin1'), textOf('good.key'));
  assert.equal(statSync(join(cwd, 'out/blob.bin')).mode & 0o777, 0o600);
});

const blobs = (file: string): Record<string, string> => {
  const decoded = decode(readFileSync(file));
  assert.ok(decoded.ok);
  return Object.fromEntries(
    decoded.value.entries.map(({ key, value }) => [key, Buffer.from(value as Uint8Array).toString('latin1')]),
  );
};

for (const compat of ['firmware', 'reference']) {
  test(`an NVS image of programs and variables has them under the keys of the firmware (compat ${compat})`, async (t) => {
    const namespaces = {
      client_key: { files: [{ env: 'KEY' }, cat('f/other.key')] },
      mqtt_key: { files: { env: 'KEY' } },
    };
    const { cwd, report } = await run(
      t,
      { compat, partitions: { mfg_nvs: { size: '64K', namespaces } } },
      { env: { KEY: textOf('good.key') } },
    );
    assert.deepEqual(said(report), []);
    assert.deepEqual(blobs(join(cwd, 'out/mfg_nvs.bin')), {
      'client_key.0': textOf('good.key'),
      'client_key.1': textOf('other.key'),
      mqtt_key: textOf('good.key'),
    });
  });
}

test('two sources for a slot of one are named', async (t) => {
  const namespaces = { mqtt_key: { files: [{ env: 'KEY' }, { env: 'OTHER' }] } };
  const { report } = await run(
    t,
    { partitions: { mfg_nvs: { size: '64K', namespaces } } },
    { env: { KEY: textOf('good.key'), OTHER: textOf('other.key') } },
  );
  assert.deepEqual(said(report), [
    '7:9 mqtt_key is one slot of the firmware, and there are 2 files for it: env: KEY, env: OTHER',
  ]);
});

test('what does not fit points at the line of the config', async (t) => {
  const { report } = await run(
    t,
    { partitions: { client_key: { files: [{ env: 'KEY' }], size: '128K' } } },
    { env: { KEY: `${'x'.repeat(70_000)}\n${textOf('good.key')}` } },
  );
  assert.deepEqual(said(report), [
    `6:9 env: KEY has ${grouped(70_001 + textOf('good.key').length)} bytes; an item of a PKI bin holds at most 65,535`,
  ]);
});

test('programs run in the folder of the config, wherever the build is started', async (t) => {
  const cwd = projectWith(t, { partitions: { client_key: { files: cat('f/good.key'), size: '8K' } } });
  const report = await build({ cwd: join(cwd, 'f'), env: {} });
  assert.deepEqual(said(report), []);
});

test('only the programs of the partitions that are built are run', async (t) => {
  const touch = { exec: [process.execPath, '-e', 'require("node:fs").writeFileSync("ran", ""); console.log("x")'] };
  const partitions = { client_key: { files: touch, size: '8K' }, mqtt_key: { files: 'f/good.key', size: '8K' } };
  const { cwd } = await run(t, { partitions }, { partitions: ['mqtt_key'] });
  assert.equal(existsSync(join(cwd, 'ran')), false);
});

const mistakes: [what: string, files: unknown, expected: string][] = [
  ['nothing', {}, 'config-missing: "files" has no "file"'],
  [
    'two at once',
    { env: 'A', file: 'b' },
    'config-value: "file" does not go with what else this source says → a source has one of "exec" (with or without "timeout"), "env" and "file" (with or without "checks")',
  ],
  [
    'a program and a variable',
    { exec: ['a'], env: 'A' },
    'config-value: "env" does not go with what else this source says → a source has one of "exec" (with or without "timeout"), "env" and "file" (with or without "checks")',
  ],
  [
    'a limit without a program',
    { env: 'A', timeout: 3 },
    'config-value: "timeout" does not go with what else this source says → a source has one of "exec" (with or without "timeout"), "env" and "file" (with or without "checks")',
  ],
  [
    'a property that does not exist',
    { exec: ['a'], timeuot: 3 },
    'config-property: there is no property "timeuot" → did you mean "timeout"?',
  ],
  [
    'a shell line',
    { exec: 'pass show hunter2' },
    'config-value: "exec" is not a program with its arguments → write ["pass","show","mqtt/key"]',
  ],
  ['no program', { exec: [] }, 'config-value: "exec" is an empty list → name a program and its arguments'],
  ['an argument that is a number', { exec: ['a', 7] }, 'config-value: an entry of "exec" is not an argument'],
  ['a limit of nothing', { exec: ['a'], timeout: 0 }, 'config-value: 0 is not a number of seconds → write 30'],
  [
    'a variable with =',
    { env: 'A=b' },
    'config-value: "A=b" is not the name of an environment variable → write "MQTT_KEY_PEM"',
  ],
  ['an empty file', { file: '' }, 'config-value: "file" is empty'],
];
for (const [what, files, expected] of mistakes) {
  for (const inList of [false, true]) {
    test(`a mistake in ${inList ? 'a list of sources' : 'a source'}: ${what}`, async (t) => {
      const list = inList ? ['f/good.key', files] : files;
      const { report } = await run(t, { partitions: { client_key: { files: list, size: '8K' } } });
      const wanted = inList ? expected.replace('"files" has', 'an entry of "files" has') : expected;
      assert.deepEqual(
        report.diagnostics.map(({ code, message, hint }) => `${code}: ${message}${hint ? ` → ${hint}` : ''}`),
        [wanted],
      );
      assert.ok(report.diagnostics[0]?.line);
    });
  }
}

const crlf = textOf('crlf.crt');
const lf = crlf.replaceAll('\r\n', '\n');

test('a PKI bin takes files as they are unless it is asked to normalize them', async (t) => {
  const files = ['f/crlf.crt'];
  const { cwd, report } = await run(t, {
    partitions: {
      client_cert: { files, size: '8K' },
      server_cert: { files, size: '8K', normalize: { pem: 'canonical' } },
    },
  });
  assert.deepEqual(binItems(join(cwd, 'out/client_cert.bin')), [crlf]);
  assert.deepEqual(binItems(join(cwd, 'out/server_cert.bin')), [lf]);
  assert.deepEqual(said(report, 'normalized'), ['undefined:undefined f/crlf.crt was changed: line ends became LF']);
  assert.deepEqual(
    report.partitions.map(({ items }) => items[0]?.normalized),
    [undefined, ['line ends became LF']],
  );
});

test('a slot says what it wants beyond the config: keep undoes, what it does not name stays', async (t) => {
  const files = ['f/crlf.crt'];
  const namespaces = { https_cert: { files }, mqtt_cert: { files, normalize: { pem: 'keep' } }, other: { files } };
  const { cwd } = await run(t, {
    normalize: { pem: 'canonical', preamble: 'strip' },
    partitions: {
      client_cert: { files, size: '8K' },
      server_cert: { files, size: '8K', normalize: { pem: 'keep' } },
      wpa2_cert: { files, size: '8K', normalize: { chain: 'sorted' } },
      text: { files, size: '8K', format: 'raw' },
      mfg_nvs: { size: '64K', namespaces },
    },
  });
  assert.deepEqual(binItems(join(cwd, 'out/client_cert.bin')), [lf]);
  assert.deepEqual(binItems(join(cwd, 'out/server_cert.bin')), [crlf]);
  assert.deepEqual(binItems(join(cwd, 'out/wpa2_cert.bin')), [lf]);
  assert.equal(readFileSync(join(cwd, 'out/text.bin'), 'latin1'), crlf);
  // The namespace `other` has a kind that nobody knows: it is data.
  assert.deepEqual(blobs(join(cwd, 'out/mfg_nvs.bin')), { 'https_cert.0': lf, mqtt_cert: crlf, other: crlf });
});

test('compat reference keeps files as they are, but for what the config asks', async (t) => {
  const files = ['f/crlf.crt'];
  const namespaces = { server_cert: { files }, mqtt_cert: { files, normalize: { pem: 'canonical' } } };
  const { cwd } = await run(t, { compat: 'reference', partitions: { mfg_nvs: { size: '64K', namespaces } } });
  assert.deepEqual(Object.values(blobs(join(cwd, 'out/mfg_nvs.bin'))), [crlf, lf]);
});

test('a bundle of CAs is no chain: sorting it leaves it as it is', async (t) => {
  const files = ['f/chain_unrelated.pem'];
  const { cwd, report } = await run(t, {
    normalize: { chain: 'sorted' },
    partitions: { client_ca: { files, size: '8K' }, server_cert: { files, size: '8K' } },
  });
  assert.deepEqual(binItems(join(cwd, 'out/client_ca.bin')), [textOf('chain_unrelated.pem')]);
  assert.match(said(report).join(), /^undefined:undefined f\/chain_unrelated\.pem cannot be sorted: /);
});

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const locked = privateKey
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'correct horse' })
  .toString();
const unlocked = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const withPassword = {
  normalize: { password: { env: 'KEY_PASSWORD' } },
  partitions: { client_key: { files: [{ env: 'KEY' }, { env: 'KEY' }], size: '8K' } },
};

test('an encrypted key is opened by the password of a variable', async (t) => {
  const { cwd, report } = await run(t, withPassword, { env: { KEY: locked, KEY_PASSWORD: 'correct horse' } });
  assert.deepEqual(said(report), []);
  assert.deepEqual(binItems(join(cwd, 'out/client_key.bin')), [unlocked, unlocked]);
  assert.deepEqual(report.partitions[0]?.items[0]?.normalized, ['the key was decrypted (PRIVATE KEY)']);
});

test('without the variable, the person at the terminal is asked once', async (t) => {
  const questions: string[] = [];
  const askPassword = async (question: string) => {
    questions.push(question);
    return 'correct horse';
  };
  const { cwd, report } = await run(t, withPassword, { env: { KEY: locked }, askPassword });
  assert.deepEqual(said(report), []);
  assert.deepEqual(questions, ['Password of env: KEY: ']);
  assert.deepEqual(binItems(join(cwd, 'out/client_key.bin')), [unlocked, unlocked]);
});

test('nobody is asked where no key is encrypted', async (t) => {
  const askPassword = () => assert.fail('asked');
  const { report } = await run(t, withPassword, { env: { KEY: unlocked }, askPassword });
  assert.deepEqual(said(report), []);
});

test('no password, and the wrong one', async (t) => {
  const none = await run(t, withPassword, { env: { KEY: locked, KEY_PASSWORD: '' } });
  assert.match(said(none.report).join(), /KEY needs a password, and the environment variable KEY_PASSWORD has none/);
  const wrong = await run(t, withPassword, { env: { KEY: locked, KEY_PASSWORD: 'hunter2' } });
  assert.match(said(wrong.report).join(), /env: KEY is a key that the password given for it does not open/);
  assert.doesNotMatch(JSON.stringify(wrong.report), /hunter2/);
  assert.equal(existsSync(join(wrong.cwd, 'out/client_key.bin')), false);
});

test('what a check says of a program or variable points at the line of the config', async (t) => {
  const files = [{ env: 'KEY' }, cat('f/other.key'), { env: 'AGAIN' }];
  const { report } = await run(
    t,
    { partitions: { client_key: { files, size: '12K' } } },
    { env: { KEY: textOf('good.crt'), AGAIN: textOf('other.key') } },
  );
  const found = report.diagnostics.map(({ code, file, line, message }) => `${file}:${line} ${code}: ${message}`);
  assert.match(found.join('\n'), /^pki\.config\.json:6 slot-kind: env: KEY /m);
  assert.match(found.join('\n'), /^pki\.config\.json:16 same-key-twice: env: AGAIN is the same key as exec: /m);
});
