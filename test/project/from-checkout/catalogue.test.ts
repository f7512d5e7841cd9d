import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isError } from '../../../src/core/diagnostics/diagnostic.ts';
import { build } from '../../../src/index.ts';
import { decodeTable, encodeTable } from '../../../src/partition-table/binary.ts';
import type { TableEntry } from '../../../src/partition-table/model.ts';
import { checkout, module, rawData, resolved, write } from '../../support/checkout.ts';
import { shared, withoutShared } from '../../support/paths.ts';

interface Row {
  readonly name: string;
  readonly type: number;
  readonly subtype: number;
  readonly offset: number;
  readonly size: number;
}

interface CatalogueModule {
  readonly release: string;
  readonly module: string;
  readonly platform: string | null;
  readonly flash_size: string | null;
  readonly storage: 'pki' | 'mfg_nvs';
  readonly customize_table_offset: number;
  readonly customize_table_size: number;
  readonly partitions: readonly Row[];
}

const skip = withoutShared;
const modules: readonly CatalogueModule[] = skip
  ? []
  : JSON.parse(readFileSync(join(shared, 'catalogue/modules.json'), 'utf8'));

const rowOf = ({ name, type, subtype, offset, size }: TableEntry): Row => ({ name, type, subtype, offset, size });
const isPki = ({ name }: Row) => /_(ca|cert|key)$|^mfg_nvs$/.test(name);

for (const release of skip ? [] : readdirSync(join(shared, 'esp-at'))) {
  const root = join(shared, 'esp-at', release);
  for (const name of readdirSync(join(root, 'module_config'))) {
    test(`${release} ${name} resolves to the offsets and sizes of the catalogue`, () => {
      const expected = modules.find((one) => one.release === release && one.module === name);
      assert.ok(expected);
      const { project, diagnostics } = resolved({ root, module: name });
      assert.deepEqual(diagnostics.filter(isError), []);
      assert.ok(project?.table);
      assert.deepEqual(project.table.entries.map(rowOf), expected.partitions);
      assert.equal(project.table.offset, expected.customize_table_offset);
      assert.equal(project.table.region?.size, expected.customize_table_size);
      assert.equal(project.flash.chip, expected.platform);
      assert.equal(`${(project.flash.size ?? 0) / 0x100000}MB`, expected.flash_size);
      const built = [...project.partitions, ...project.skipped].map(({ name, offset, size }) => ({
        name,
        offset,
        size,
      }));
      const partitions = expected.partitions.filter(isPki).map(({ name, offset, size }) => ({ name, offset, size }));
      assert.deepEqual(
        built.toSorted((a, b) => (a.offset ?? 0) - (b.offset ?? 0)),
        partitions,
      );
    });
  }
}

/** The same rows, written as different people write them. */
const hex = (value: number) => `0x${value.toString(16).toUpperCase()}`;
const kilobytes = (value: number) => `${value / 1024}K`;
const styles: readonly ((rows: readonly Row[]) => string)[] = [
  (rows) =>
    rows
      .map((row) => `${row.name},${hex(row.type)},${row.subtype},${hex(row.offset)},${kilobytes(row.size)}\n`)
      .join(''),
  (rows) =>
    `# Name,Type,SubType,Offset,Size\r\n${rows.map((row) => `${row.name}, ${row.type},\t${hex(row.subtype)} , ${row.offset}, ${hex(row.size)},\r\n`).join('')}`,
  (rows) =>
    `\uFEFF${rows.map((row) => `  ${row.name}  ,${row.type},${row.subtype},${kilobytes(row.offset)},${row.size},,`).join('\n\n# next\n')}`,
];

test('every module of every release can be built with --table, however its table is written', { skip }, (t) => {
  assert.equal(modules.length, 219);
  const names = [...new Set(modules.flatMap(({ partitions }) => partitions.filter(isPki).map(({ name }) => name)))];
  const root = checkout(t, { ...module('module_one'), ...module('module_two'), ...rawData(...names) });
  for (const [index, row] of modules.entries()) {
    const at = `${row.release} ${row.module}`;
    for (const [style, written] of styles.entries()) {
      const table = `tables/${index}-${style}/at_customize.csv`;
      const region = `at_customize,0x40,0,${row.customize_table_offset},${row.customize_table_size}\n`;
      write(root, { [table]: written(row.partitions), [`tables/${index}-${style}/partitions_at.csv`]: region });
      const { project, diagnostics } = resolved({ root, table: join(root, table) });
      assert.deepEqual(diagnostics.filter(isError), [], at);
      assert.ok(project?.table);
      assert.deepEqual(project.table.entries.map(rowOf), row.partitions, at);
      assert.equal(project.table.offset, row.customize_table_offset, at);
      const back = decodeTable(encodeTable(project.table.entries));
      assert.deepEqual(back.ok && back.value.entries.map(rowOf), row.partitions, at);
    }
  }
});

for (const release of skip ? [] : readdirSync(join(shared, 'esp-at'))) {
  const root = join(shared, 'esp-at', release);
  test(`every module of ${release} builds without a config`, async () => {
    for (const name of readdirSync(join(root, 'module_config'))) {
      const report = await build({ cwd: root, module: name, mode: 'plan', now: new Date('2026-01-01') });
      assert.deepEqual(
        report.diagnostics.filter(({ severity }) => severity === 'error'),
        [],
        name,
      );
      assert.ok(report.partitions.length > 0, name);
      for (const { status } of report.partitions) assert.equal(status, 'planned', name);
    }
  });
}
