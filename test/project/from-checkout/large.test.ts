import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Problems } from '../../../src/core/diagnostics/problems.ts';
import { readCsv } from '../../../src/formats/nvs/csv-read.ts';
import { checkInside, checkTable } from '../../../src/partition-table/checks.ts';
import { parseTableCsv } from '../../../src/partition-table/csv.ts';
import { readRows } from '../../../src/project/from-checkout/csv.ts';
import { choiceOf, settingValue } from '../../../src/project/from-checkout/sdkconfig.ts';
import { checkout, dependencies, module, rawData, resolved } from '../../support/checkout.ts';
import { growsLinearly } from '../../support/growth.ts';
import { atPki } from '../../support/run-rig.ts';
import { scratch } from '../../support/scratch.ts';

/* Files of a checkout that is not trusted, each as long as it likes: a build must not be busy with one for hours. */

const rowsIn = (text: string): string[][] => readRows(text, 'x.csv', new Problems());
const nvsCsv = (text: string) =>
  readCsv({ file: 'x.csv', bytes: Buffer.from(`key,type,encoding,value\n${text}`), readFile: () => assert.fail() });

const texts: [name: string, make: (n: number) => string][] = [
  ['quotes', (n) => '"'.repeat(n)],
  ['an odd number of quotes', (n) => `${'"'.repeat(2 * n + 1)}x`],
  ['pairs of quotes', (n) => '"",'.repeat(n)],
  ['quotes within cells', (n) => 'a"b,'.repeat(n)],
  ['text behind quotes', (n) => '"a"b,'.repeat(n)],
  ['commas', (n) => ','.repeat(n)],
  ['cells', (n) => 'abc,'.repeat(n)],
  ['one long cell', (n) => 'x'.repeat(n)],
  ['blanks', (n) => ' '.repeat(n)],
  ['rows', (n) => 'a,b,c\n'.repeat(n)],
  ['line breaks within quotes', (n) => `"${'\n'.repeat(n)}"`],
  ['blank lines', (n) => '\r\n'.repeat(n)],
];
for (const [name, make] of texts) {
  test(`a CSV of raw_data is read in one pass: ${name}`, () => {
    return growsLinearly(6_000, (n) => () => rowsIn(make(n)));
  });
  test(`so is one of NVS: ${name}`, () => {
    return growsLinearly(6_000, (n) => () => nvsCsv(make(n)));
  });
  test(`and a partition table: ${name}`, () => {
    return growsLinearly(2_000, (n) => () => checkTable(parseTableCsv(make(n), 't.csv').entries));
  });
}

/** Without a word the rows behind it would be missing from the image. */
test('a quote of raw_data that is never closed is an error where it stands', () => {
  const problems = new Problems();
  readRows('a,b\nc,"d\ne,f\n', 'x.csv', problems);
  assert.deepEqual(problems.all, [
    {
      code: 'checkout-file',
      severity: 'error',
      message: 'this quote is never closed',
      place: { file: 'x.csv', line: 2, column: 3 },
    },
  ]);
});

test('100,000 bad rows of an NVS CSV are each found, and shown up to a hundred', async (t) => {
  const cwd = scratch(t);
  writeFileSync(join(cwd, 'a.csv'), `key,type,encoding,value\n${'a,b,c,d\n'.repeat(100_000)}`);
  const { code, stderr } = await atPki(cwd, 'nvs', 'generate', 'a.csv', 'a.bin', '0x3000');
  assert.equal(code, 1);
  assert.match(stderr, /^error\[nvs-csv\]: 99,900 more findings of this kind in this file left out$/m);
  assert.ok(stderr.split('\n').length < 500);
});

/** It was searched from its start for each line of a choice: 20,000 of them took longer than a minute. */
test('sdkconfig is gone through once, however many options it has', () => {
  return growsLinearly(2_000, (n) => {
    const text = Array.from(
      { length: n },
      (_, at) => `CONFIG_FLASHMODE_X${at}=n\n# CONFIG_OTHER_${at} is not set\n`,
    ).join('');
    return () => {
      const config = { file: 'sdkconfig', text: `${text}CONFIG_FLASHMODE_DIO=y\n` };
      assert.equal(choiceOf(config, 'FLASHMODE_'), 'DIO');
      for (let at = 0; at < n; at += 10) assert.equal(settingValue(config, `OTHER_${at}`), 'n');
    };
  });
});

test('a value of sdkconfig may be a quoted text of any length', () => {
  const value = 'x'.repeat(500_000);
  for (const [line, wanted] of [
    [`"${value}"`, value],
    [`"${value}`, `"${value}`],
    [`"${'\\"'.repeat(200_000)}" rest`, '"'.repeat(200_000)],
  ] as const) {
    assert.equal(settingValue({ file: 'sdkconfig', text: `CONFIG_X=${line}\n` }, 'X'), wanted);
  }
});

test('of several choices that are on the first counts, and the last line about an option', () => {
  const choice = (...lines: string[]) => choiceOf({ file: 'sdkconfig', text: lines.join('\n') }, 'M_');
  assert.equal(choice('# CONFIG_M_A is not set', 'CONFIG_M_B=y', 'CONFIG_M_A=y'), 'B');
  assert.equal(choice('CONFIG_M_A=y', 'CONFIG_M_B=y', '# CONFIG_M_A is not set'), 'B');
  assert.equal(choice('CONFIG_M_A=n', 'CONFIG_M_B=y', 'CONFIG_M_A=y'), 'A');
  assert.equal(choice('CONFIG_M_A=n', ' CONFIG_M_B=y'), undefined);
});

/** Each row was compared with each of the main table, and each one named mfg_nvs planned again. */
test('tables of many rows are checked against each other in linear time', () => {
  const region = { name: 'at_customize', offset: 0, size: 2 ** 31 };
  const row = (at: number) => ({ name: `n${at}`, offset: 0x1000 * (at + 1), size: 0x1000 });
  growsLinearly(2_000, (n) => {
    const rows = Array.from({ length: n }, (_, at) => row(at));
    return () => void checkInside(rows, region, rows);
  });
});

for (const [name, number] of [
  ['client_ca', 120_000],
  ['mfg_nvs', 2_000],
] as const) {
  test(`${number} rows of the same name, ${name}, are refused in words`, (t) => {
    const root = checkout(t, {
      ...module('module_one', { 'at_customize.csv': `${name},0x40,1,0x42000,8K\n`.repeat(number) }),
      ...rawData('client_ca'),
      'components/customized_partitions/at_customized_config_dependency.txt': dependencies,
    });
    const { project, diagnostics } = resolved({ root });
    assert.equal(project?.partitions.length, 1);
    assert.ok(diagnostics.length > number);
  });
}
