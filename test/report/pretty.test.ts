import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { diagnostic } from '../../src/core/diagnostics/diagnostic.ts';
import type { BuildResult, PartitionResult } from '../../src/pipeline/result.ts';
import { github } from '../../src/report/github.ts';
import { choiceOf } from '../../src/report/index.ts';
import { pretty } from '../../src/report/pretty.ts';
import type { Style } from '../../src/report/reporter.ts';

const cwd = resolve('/project/checkout');
const row = (
  name: string,
  status: PartitionResult['status'],
  more: Partial<PartitionResult> = {},
): PartitionResult => ({
  name,
  format: 'atpki',
  file: join(cwd, `build/${name}.bin`),
  size: 8192,
  items: [],
  status,
  ...more,
});

const result: BuildResult = {
  command: 'build',
  cwd,
  module: 'module_esp32_default',
  durationMs: 12,
  partitions: [
    row('client_ca', 'built', { offset: 0x2e000, used: 2232 }),
    row('client_key', 'failed', { offset: 0x2c000, used: 9120 }),
    row('client_cert', 'skipped', {
      offset: 0x2a000,
      used: 8180,
      reason: 'another image of the set client has errors',
    }),
    row('证书_ca', 'unchanged', { offset: 0x1000, size: 1 << 20, used: 12 }),
    row('wpa2_ca', 'skipped', { reason: 'there is no folder raw_data/wpa2_ca' }),
  ],
  table: { file: join(cwd, 'build/at_customize.bin'), offset: 0x20000, status: 'built' },
  files: [],
  diagnostics: [
    diagnostic('partition-full', 'client_key needs 9,120 bytes, its partition holds 8,192 (928 too many)', {
      place: { file: join(cwd, 'at_customize.csv'), line: 7, column: 1 },
      hint: 'the largest file is big.key (8,000 bytes)',
      partition: 'client_key',
    }),
    diagnostic('headroom', 'client_ca leaves 12 bytes free'),
    diagnostic('unused-file', 'left out of raw_data/client_ca: README.md (a README)'),
    diagnostic('partition-skipped', 'wpa2_ca is skipped: there is no folder', { partition: 'wpa2_ca' }),
    diagnostic('partition-left-alone', 'fatfs is left alone'),
  ],
};

function printed(reporter: typeof pretty, one: BuildResult, style: Partial<Style> = {}): [string, string] {
  let [stdout, stderr] = ['', ''];
  const streams = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
  };
  reporter(one, { color: false, verbosity: 'normal', ...style }, streams);
  return [stdout, stderr];
}

const table = `  partition      offset  size  used                    status
  client_ca     0x2e000    8K  ███░░░░░░░  2,232  27%  built
  client_key    0x2c000    8K  ██████████  9,120 111%  failed
  client_cert   0x2a000    8K  ██████████  8,180  99%  skipped    another image of the set client has errors
  证书_ca        0x1000    1M  █░░░░░░░░░     12   1%  unchanged
  wpa2_ca                  8K                          skipped    there is no folder raw_data/wpa2_ca
  at_customize  0x20000    4K                          built      partition table
`;
const diagnostics = `error[partition-full]: client_key needs 9,120 bytes, its partition holds 8,192 (928 too many)
  --> at_customize.csv:7:1
  → the largest file is big.key (8,000 bytes)
warning[headroom]: client_ca leaves 12 bytes free
`;
const note = 'note[unused-file]: left out of raw_data/client_ca: README.md (a README)\n';
const summary = '✗ module_esp32_default · 1 built, 1 unchanged, 1 failed, 2 skipped · 1 error, 1 warning (12 ms)\n';

test('the table, the messages, the summary', () => {
  assert.deepEqual(printed(pretty, result), [table, diagnostics + note + summary]);
});

test('--quiet leaves errors and warnings, --verbose adds background notes', () => {
  assert.deepEqual(printed(pretty, result, { verbosity: 'quiet' }), ['', diagnostics]);
  const more =
    'note[partition-skipped]: wpa2_ca is skipped: there is no folder\nnote[partition-left-alone]: fatfs is left alone\n';
  assert.deepEqual(printed(pretty, result, { verbosity: 'verbose' }), [table, diagnostics + note + more + summary]);
});

test('a summary without errors is a result', () => {
  const good = { ...result, partitions: result.partitions.slice(0, 1), diagnostics: [] };
  const [stdout, stderr] = printed(pretty, good);
  assert.equal(stderr, '');
  assert.match(stdout, /^✓ module_esp32_default · 1 built \(12 ms\)\n/m);
});

test('on a narrow terminal notes are cut, then the bars and the notes go', () => {
  const lines = (width: number) => printed(pretty, result, { width })[0].split('\n');
  assert.deepEqual(lines(80).slice(3, 4), [
    '  client_cert   0x2a000    8K  ██████████  8,180  99%  skipped    another image…',
  ]);
  assert.deepEqual(lines(60).slice(0, 4), [
    '  partition      offset  size  used        status',
    '  client_ca     0x2e000    8K  2,232  27%  built',
    '  client_key    0x2c000    8K  9,120 111%  failed',
    '  client_cert   0x2a000    8K  8,180  99%  skipped',
  ]);
});

/** Colours as tags, for a golden text that can be read. */
const tagged = (text: string): string =>
  text
    .replaceAll('\u001b[1m', '<b>')
    .replaceAll('\u001b[2m', '<dim>')
    .replaceAll('\u001b[22m', '</>')
    .replaceAll('\u001b[39m', '</c>')
    .replaceAll('\u001b[31m', '<red>')
    .replaceAll('\u001b[32m', '<green>')
    .replaceAll('\u001b[33m', '<yellow>')
    .replaceAll('\u001b[36m', '<cyan>');

test('with colours: the same text', () => {
  const [stdout = '', stderr = ''] = printed(pretty, result, { color: true }).map(tagged);
  assert.equal(
    stdout,
    `<dim>  partition      offset  size  used                    status</>
  client_ca     0x2e000    8K  ███░░░░░░░  2,232  27%<green>  built</c>
  client_key    0x2c000    8K  ██████████  9,120 111%<red>  failed</c>
  client_cert   0x2a000    8K  ██████████  8,180  99%<dim>  skipped  </><dim>  another image of the set client has errors</>
  证书_ca        0x1000    1M  █░░░░░░░░░     12   1%<dim>  unchanged</>
  wpa2_ca                  8K                        <dim>  skipped  </><dim>  there is no folder raw_data/wpa2_ca</>
  at_customize  0x20000    4K                        <green>  built    </c><dim>  partition table</>
`,
  );
  assert.ok(
    stderr.startsWith(`<b><red>error[partition-full]</c></>: client_key needs 9,120 bytes, its partition holds 8,192 (928 too many)
  <dim>--></> at_customize.csv:7:1
  <cyan>→</c> the largest file is big.key (8,000 bytes)
<b><yellow>warning[headroom]</c></>: client_ca leaves 12 bytes free
`),
    stderr,
  );
  assert.ok(stderr.endsWith('1 error, 1 warning <dim>(12 ms)</>\n'));
});

test('control characters of names stay visible in every part', () => {
  const odd = '\u001b[2Jx';
  const one = {
    ...result,
    module: odd,
    partitions: [row(odd, 'skipped', { reason: odd })],
    diagnostics: [
      diagnostic('headroom', `${odd}\nx`, { lines: ['second line'], place: { file: join(cwd, odd) }, hint: odd }),
    ],
  };
  const text = printed(pretty, one).join('');
  assert.ok(!text.includes('\u001b'));
  assert.equal(text.split('\\x1b[2Jx').length - 1, 6);
  assert.match(text, /\\x0ax\nsecond line\n/);
});

test('a place far away is shown by its own path', () => {
  const place = { file: resolve('/x.crt') };
  const far = { ...result, partitions: [], diagnostics: [diagnostic('headroom', 'm', { place })] };
  assert.match(printed(pretty, far)[1], new RegExp(`--> ${place.file.replaceAll('\\', '\\\\')}\n`));
});

test('github: annotations, escaped, without background notes', () => {
  const hostile = 'a%b\r\n::error::x,y:z';
  const one = {
    ...result,
    diagnostics: [
      diagnostic('headroom', hostile, { place: { file: join(cwd, 'a,b:c%.csv'), line: 3, column: 9 }, hint: 'h' }),
      diagnostic('unused-file', 'note'),
      diagnostic('partition-left-alone', 'not shown'),
    ],
  };
  assert.deepEqual(printed(github, one), [
    '::warning file=a%2Cb%3Ac%25.csv,line=3,col=9,title=at-pki%3A headroom::a%25b\\x0d\\x0a::error::x,y:z%0Ah\n' +
      '::notice title=at-pki%3A unused-file::note\n',
    '',
  ]);
});

const colors: [env: Record<string, string>, tty: boolean, flag: boolean, color: boolean][] = [
  [{}, true, false, true],
  [{}, false, false, false],
  [{}, true, true, false],
  [{ NO_COLOR: '1' }, true, false, false],
  [{ NO_COLOR: '' }, true, false, true],
  [{ TERM: 'dumb' }, true, false, false],
  [{ FORCE_COLOR: '1' }, false, false, true],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, false, true],
  [{ FORCE_COLOR: '1' }, true, true, false],
  [{ FORCE_COLOR: '0' }, true, false, false],
];
for (const [env, isTTY, flag, color] of colors) {
  test(`colours: ${color} with ${JSON.stringify(env)}${isTTY ? ' on a terminal' : ''}${flag ? ', --no-color' : ''}`, () => {
    const stream = { write: () => undefined, isTTY, columns: 80 };
    const args = { flag: (name: string) => flag && name === 'no-color', text: () => undefined };
    const choice = choiceOf(args, { env, stdout: stream, stderr: stream });
    assert.equal(choice.color, color);
    assert.equal(choice.width, isTTY ? 80 : undefined);
  });
}
