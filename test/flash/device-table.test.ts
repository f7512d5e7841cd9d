import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDeviceTable, type TableRequest } from '../../src/flash/device-table.ts';
import type { FormatName } from '../../src/formats/index.ts';
import { encodeTable, maxEntries } from '../../src/partition-table/binary.ts';
import { findMainTable } from '../../src/partition-table/find-table.ts';
import type { TableEntry } from '../../src/partition-table/model.ts';
import type { CustomizedTable } from '../../src/project/project.ts';
import { type MemoryDevice, memoryDevice } from '../support/memory-device.ts';

const row = (name: string, offset: number, size: number, type = 0x40, subtype = 1): TableEntry => ({
  name,
  type,
  subtype,
  offset,
  size,
  flags: { encrypted: false, readonly: false },
});
const K = 1024;
const region = row('at_customize', 0x20000, 896 * K, 0x40, 0);
const main = [row('nvs', 0x12000, 56 * K, 1, 2), region, row('ota_0', 0x100000, 1536 * K, 0, 16)];
const rows = [
  row('client_ca', 0x2e000, 8 * K),
  row('mqtt_key', 0x39000, 8 * K),
  row('fatfs', 0x47000, 200 * K, 1, 0x81),
];

const board = (customized: readonly TableEntry[] | undefined = rows, at = 0x8000, mainRows = main): MemoryDevice =>
  memoryDevice({ [at]: encodeTable(mainRows), ...(customized && { [0x20000]: encodeTable(customized) }) });

const tableOf = (entries: readonly TableEntry[]): CustomizedTable => ({
  csv: '/project/at_customize.csv',
  file: '/project/build/at_customize.bin',
  entries,
  offset: 0x20000,
});

interface Asked {
  readonly table?: readonly TableEntry[];
  readonly flashed?: readonly (TableEntry & { readonly format?: FormatName })[];
  readonly updateTable?: boolean;
  readonly partitionTable?: number;
}

const request = ({ table, flashed = rows.slice(0, 2), updateTable = false, partitionTable }: Asked): TableRequest => ({
  project: {
    ...(table && { table: tableOf(table) }),
    device: { ...(partitionTable !== undefined && { partitionTable }) },
  },
  partitions: flashed.map(({ name, offset, size, format = 'atpki' }) => ({ name, offset, size, format })),
  updateTable,
});

async function said(device: MemoryDevice, asked: Asked): Promise<string[]> {
  const { diagnostics } = await checkDeviceTable(device.flash, request(asked));
  return diagnostics.map(({ code, severity, message }) => `${severity} ${code}: ${message}`);
}

test('a device with the very table of the plan costs one short read and one MD5', async () => {
  const device = board();
  const check = await checkDeviceTable(device.flash, request({ table: rows }));
  assert.deepEqual(check.diagnostics, []);
  assert.equal(check.update, undefined);
  assert.deepEqual(check.entries, [...rows, ...main]);
  assert.deepEqual({ ...device.asked }, { md5: 1, reads: 1, bytesRead: 512, sectorsErased: 0 });
});

test('another offset, another size and a missing partition are errors that show both sides', async () => {
  const moved = [row('client_ca', 0x2f000, 8 * K), row('mqtt_key', 0x39000, 4 * K)];
  const flashed = [...rows.slice(0, 2), row('wss_ca', 0x3b000, 8 * K)];
  const wanted = [
    'error device-table: client_ca is at 0x2f000 (8K) on the device, at 0x2e000 (8K) in the plan',
    'error device-table: mqtt_key is at 0x39000 (4K) on the device, at 0x39000 (8K) in the plan',
    'error device-table: the device has no partition wss_ca, only client_ca and mqtt_key; in the plan it is at 0x3b000 (8K)',
  ];
  assert.deepEqual(await said(board(moved), { table: flashed, flashed }), wanted);
  assert.deepEqual(await said(board(moved), { flashed }), wanted, 'the same where a config alone is the plan');
  const { diagnostics } = await checkDeviceTable(board(moved).flash, request({ table: rows, flashed }));
  assert.match(diagnostics[0]?.hint ?? '', /^--update-table writes the table of the plan/);
  assert.match(diagnostics[2]?.hint ?? '', /^correct its name, offset and size in the config/);
});

test('partitions that are not flashed may be elsewhere', async () => {
  const device = board([rows[0]!, row('mqtt_key', 0x50000, 8 * K)]);
  assert.deepEqual(await said(device, { table: rows, flashed: rows.slice(0, 1) }), []);
});

test('--update-table gives the sector to write, and says what changes for whom', async () => {
  const old = [
    row('client_ca', 0x2f000, 8 * K),
    row('old_ca', 0x31000, 8 * K),
    row('fatfs', 0x60000, 200 * K, 1, 0x81),
  ];
  const check = await checkDeviceTable(board(old).flash, request({ table: rows, updateTable: true }));
  assert.deepEqual(check.update, { name: 'at_customize', offset: 0x20000, size: 4096, bytes: encodeTable(rows) });
  assert.deepEqual(
    check.diagnostics.map(({ severity, message }) => `${severity} ${message}`),
    [
      'info the table at_customize of the device is replaced by that of the plan: client_ca moves from 0x2f000 (8K) to 0x2e000 (8K); fatfs moves from 0x60000 (200K) to 0x47000 (200K); new: mqtt_key; gone: old_ca',
      'warning fatfs: moved in the table, but no image is written to the new place',
    ],
  );
  assert.deepEqual(check.entries[0], old[0], 'where things are now, not where they will be');
});

test('--update-table writes nothing where the table is the same already, and needs a table in the plan', async () => {
  const check = await checkDeviceTable(board().flash, request({ table: rows, updateTable: true }));
  assert.deepEqual(check.diagnostics, []);
  assert.equal(check.update, undefined);
  assert.deepEqual(await said(board(), { updateTable: true }), [
    'error usage: --update-table needs the partition table of the plan, and there is none',
  ]);
});

test('a table whose partitions leave the region of this device, or lie over its firmware, is refused', async () => {
  const small = [row('at_customize', 0x20000, 64 * K, 0x40, 0), row('ota_0', 0x30000, 1536 * K, 0, 16)];
  const wanted =
    'error device-table: on the device, mqtt_key (0x39000 to 0x3afff) leaves the region at_customize (0x20000 to 0x2ffff) and lies over ota_0 (0x30000 to 0x1affff)';
  assert.deepEqual(await said(board(rows.slice(0, 2), 0x8000, small), { table: rows.slice(0, 2) }), [wanted]);
  const updated = await said(board(undefined, 0x8000, small), { table: rows.slice(0, 2), updateTable: true });
  assert.deepEqual(updated.slice(1), [wanted]);
});

test('an erased, foreign or damaged at_customize is an error, and --update-table mends it', async () => {
  const damaged = board();
  damaged.bytes[0x20004]! ^= 1;
  const foreign = board();
  foreign.bytes.fill(0x5a, 0x20000, 0x21000);
  for (const [device, message] of [
    [board([]), /^error device-table-missing: the device has no table in at_customize \(at 0x20000\)/],
    [
      memoryDevice({ 32768: encodeTable(main) }),
      /^error device-table-missing: the device has no table in at_customize/,
    ],
    [foreign, /^error device-table-missing: the device has no table in at_customize/],
    [
      damaged,
      /^error device-table-missing: the table at_customize of the device at 0x20000 is damaged: the MD5 of the 3/,
    ],
  ] as const) {
    const errors = await said(device, { table: rows });
    assert.equal(errors.length, 2, 'one for each partition');
    assert.match(errors[0]!, message);
    const check = await checkDeviceTable(device.flash, request({ table: rows, updateTable: true }));
    assert.ok(check.update);
    assert.deepEqual(
      check.diagnostics.map(({ severity }) => severity),
      ['info'],
    );
  }
});

test('at_customize in another place is another firmware: --update-table does not help', async () => {
  const other = [row('at_customize', 0x1e000, 900 * K, 0x40, 0)];
  for (const updateTable of [false, true]) {
    assert.deepEqual(await said(board(rows, 0x8000, other), { table: rows, updateTable }), [
      'error device-table: at_customize is at 0x1e000 (900K) on the device, at 0x20000 in the plan',
    ]);
  }
});

test('the main table is found where larger bootloaders have it, and where it is said to be', async () => {
  for (const at of [0x8000, 0xc000, 0x10000]) assert.deepEqual(await said(board(rows, at), { table: rows }), []);
  assert.deepEqual(await said(board(rows, 0x9000), { table: rows, partitionTable: 0x9000 }), []);
  assert.deepEqual(await said(board(rows, 0xc000), { table: rows, partitionTable: 0x9000 }), [
    'error device-table-missing: the device has no partition table at 0x9000, but one at 0xc000',
  ]);
  assert.deepEqual(await said(memoryDevice(), { table: rows }), [
    'error device-table-missing: the device has no partition table at 0x8000, 0xc000 and 0x10000',
  ]);
  assert.deepEqual(await said(memoryDevice({}), { table: rows, partitionTable: 0x3ff800 }), [
    'error device-table-missing: the device has no partition table at 0x3ff800',
  ]);
});

test('a main table that is damaged, or has no at_customize, is no table to write by', async () => {
  const damaged = board();
  damaged.bytes[0x8004]! ^= 1;
  assert.match(
    (await said(damaged, { table: rows }))[0]!,
    /^error device-table-missing: the partition table of the device at 0x8000 is damaged/,
  );
  assert.deepEqual(await said(board(rows, 0x8000, [main[0]!]), { table: rows }), [
    'error device-table-missing: the partition table of the device (at 0x8000) has no at_customize, where the firmware looks for certificates',
  ]);
});

test('a table of very many partitions is read to its end', async () => {
  const many = Array.from({ length: maxEntries }, (_, index) => row(`p${index}`, 0x21000 + index * 0x1000, 0x1000));
  const last = many.at(-1)!;
  assert.deepEqual(await said(board(many), { flashed: [last] }), []);
});

test('without a table in the plan, names are looked for in at_customize and then in the main table', async () => {
  assert.deepEqual(await said(board(), { flashed: rows }), []);
  const plain = [row('mfg_nvs', 0x21000, 112 * K, 1, 2), row('ota_0', 0x100000, 1536 * K, 0, 16)];
  assert.deepEqual(await said(board(undefined, 0x8000, plain), { flashed: [plain[0]!] }), []);
  assert.deepEqual(await said(board(undefined, 0x8000, plain), { flashed: [row('mfg_nvs', 0x22000, 112 * K)] }), [
    'error device-table: mfg_nvs is at 0x21000 (112K) on the device, at 0x22000 (112K) in the plan',
  ]);
});

test('a raw partition that no table names is written with a warning, but never over anything', async () => {
  const raw = (name: string, offset: number) => ({ ...row(name, offset, 8 * K), format: 'raw' as const });
  assert.deepEqual(await said(board(), { flashed: [raw('logo', 0x300000)] }), [
    'warning device-table: no table of the device has logo; it goes to 0x300000 (8K), where no partition is',
  ]);
  for (const [offset, victim] of [
    [0x1000, 'the bootloader (0x0 to 0x7fff)'],
    [0x8000, 'the partition table (0x8000 to 0x8fff)'],
    [0x20000, 'the table at_customize (0x20000 to 0x20fff)'],
    [0x3a000, 'mqtt_key (0x39000 to 0x3afff)'],
    [0x100000, 'ota_0 (0x100000 to 0x27ffff)'],
  ] as const) {
    const [error = ''] = await said(board(), { flashed: [raw('logo', offset)] });
    assert.ok(error.endsWith(`is in no table of the device and lies over ${victim} there`), error);
  }
  assert.match(
    (await said(board(), { flashed: [raw('mqtt_key', 0x300000)] }))[0]!,
    /mqtt_key is at 0x39000 \(8K\) on the device/,
  );
});

test('names out of the flash of a device do not reach a terminal as they are', async () => {
  const device = board([row('a\u001b[2Jb', 0x2e000, 8 * K)]);
  const lines = await said(device, { table: rows, updateTable: true });
  assert.match(lines[0]!, /gone: a\\x1b\[2Jb$/);
});

test('where no table can stand none is looked for', async () => {
  const device = memoryDevice();
  const found = await findMainTable(device.flash, 0x8001);
  assert.ok(!found.ok);
  assert.match(found.error.message, /^the device has no partition table at 0x8001/);
});
