import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { diagnostic } from '../../src/core/diagnostics/diagnostic.ts';
import { Disclosed, writeCommand, writeJson, writeLines } from '../../src/core/door.ts';
import { toReport } from '../../src/pipeline/build-report.ts';
import { emptyResult } from '../../src/pipeline/result.ts';
import { bare, hostileName, injectionIn, leakIn, markedKey } from '../support/leaks.ts';
import { packageRoot } from '../support/paths.ts';

const pem = markedKey();

function written(write: (output: { write(text: string): void }) => void): string {
  let text = '';
  write({
    write(piece) {
      text += piece;
    },
  });
  return text;
}

test('only the door writes to stdout and stderr', () => {
  const folder = join(packageRoot, 'src');
  const writers = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .filter((name) =>
      /\b(?:stdout|stderr|output|console)\b\??\.(?:write|log|error)\(/.test(readFileSync(join(folder, name), 'utf8')),
    )
    .sort();
  // What a hook prints is its own.
  assert.deepEqual(writers, ['core/door.ts', 'pipeline/run-hook.ts']);
});

test('a line stays one line, and starts no command', () => {
  const text = written((output) => writeLines(output, [hostileName, '::error::x', '  ::error::x', '##vso[x]', 'a::b']));
  assert.equal(
    text,
    'n\\x0a::set-output name=x::y\\x0d#\\x23[group]z\\x1b[2J\\x9b\\u202eend\n\\x3a:error::x\n  \\x3a:error::x\n#\\x23vso[x]\na::b\n',
  );
});

test('of a name no colour comes out but where colours are on, and there ours alone', () => {
  const line = '\u001b[31mred\u001b[39m \u001b[2J\u001b[8mhidden';
  assert.equal(
    written((output) => writeLines(output, [line])),
    '\\x1b[31mred\\x1b[39m \\x1b[2J\\x1b[8mhidden\n',
  );
  const colored = written((output) => writeLines(output, [line, '\u001b[1m::x'], { color: true }));
  assert.equal(colored, '\u001b[31mred\u001b[39m \\x1b[2J\\x1b[8mhidden\n\u001b[1m\\x3a:x\n');
});

test('JSON has the very text of a name, escaped, and no key in names or values', () => {
  const text = written((output) =>
    writeJson(output, { file: hostileName, [pem]: [pem, { a: bare(pem) }], n: 1, no: null }),
  );
  assert.equal(injectionIn(text), '');
  assert.equal(JSON.parse(text).file, hostileName);
  assert.equal(leakIn(text, pem), '');
});

test('a value that was looked into is given as it is, and everything where the user asked for it', () => {
  const value = bare(pem);
  assert.equal(JSON.parse(written((output) => writeJson(output, { value: new Disclosed(value) }))).value, value);
  assert.equal(JSON.parse(written((output) => writeJson(output, { value }, { reveal: true }))).value, value);
  assert.equal(
    written((output) => writeLines(output, [value], { reveal: true })),
    `${value}\n`,
  );
});

test('a command for GitHub has its own line breaks alone, and no key', () => {
  const text = written((output) =>
    writeCommand(output, 'error', { file: hostileName, line: 3 }, [hostileName, pem, 'hint']),
  );
  assert.equal(text.split('\n').length, 2);
  assert.equal(text.split('%0A').length, 3);
  assert.equal(injectionIn(text, true) + leakIn(text, pem), '');
});

test('the report of the library, which hooks get too, has no key in it', () => {
  const file = `/project/${bare(pem)}`;
  const details = { hint: pem, lines: [pem], partition: pem, place: { file } };
  const result = emptyResult('build', '/project', [diagnostic('usage', pem, details)]);
  assert.equal(leakIn(JSON.stringify(toReport({ ...result, config: file, module: pem })), pem), '');
});
