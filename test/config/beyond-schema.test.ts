import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { mistakes } from '../support/mistakes.ts';
import { atPki } from '../support/run-rig.ts';
import { scratch } from '../support/scratch.ts';

const asBin = 'each partition is built as <name>.bin';
const names: [name: string, expected: string][] = [
  [
    'a_partition_too_long',
    '1:19+22 table-name: the name a_partition_too_long has 20 bytes; at most 16 fit → 4 too many',
  ],
  // Six characters of three bytes each.
  ['证书证书证书', '1:19+8 table-name: the name 证书证书证书 has 18 bytes; at most 16 fit → 2 too many'],
  ['..', `1:19+4 table-name: ".." cannot be the name of a file → ${asBin}`],
  ['../x_ca', `1:19+9 table-name: "../x_ca" cannot be the name of a file → ${asBin}`],
  ['a/b_ca', `1:19+8 table-name: "a/b_ca" cannot be the name of a file → ${asBin}`],
  ['', '1:19+2 table-name: a partition has no name → the firmware finds partitions by name: give it one'],
];
for (const [name, expected] of names) {
  test(`the name "${name}" is refused, without an offset, too`, async (t) => {
    for (const more of ['', ', "offset": "0x2e000"']) {
      const text = `{ "partitions": { ${JSON.stringify(name)}: { "type": "ca", "size": "8K"${more} } } }`;
      assert.deepEqual(await mistakes(t, text), [expected]);
    }
  });
}

test('a name is said to be wrong once, by the command as well', async (t) => {
  const folder = scratch(t);
  const text = '{ "partitions": { "a_partition_too_long_ca": { "size": "8K", "offset": "0x2e000" } } }';
  writeFileSync(join(folder, 'pki.config.json'), text);
  const { code, stderr } = await atPki(folder, 'build');
  assert.equal(code, 2);
  assert.equal(stderr.match(/table-name/g)?.length, 1);
});

const sector = 'the smallest piece of flash is a sector of 4K';
const most = 'the most is 0xffffffff';
const numbers: [text: string, ...expected: string[]][] = [
  ['"size": 0', `1:37+1 config-value: "size" is 0 → ${sector}`],
  ['"size": "0"', `1:37+3 config-value: "size" is 0 → ${sector}`],
  ['"size": "0x0"', `1:37+5 config-value: "size" is 0 → ${sector}`],
  ['"size": "0K"', `1:37+4 config-value: "size" is 0 → ${sector}`],
  ['"size": 4294967296', `1:37+10 config-value: "size" is 4294967296: a partition table has 32 bits for it → ${most}`],
  ['"size": "4096M"', `1:37+7 config-value: "size" is "4096M": a partition table has 32 bits for it → ${most}`],
  ['"size": 1e300', `1:37+5 config-value: "size" is 1e+300: a partition table has 32 bits for it → ${most}`],
  [
    '"size": "8K", "offset": "0x100000000"',
    `1:53+13 config-value: "offset" is "0x100000000": a partition table has 32 bits for it → ${most}`,
  ],
  [
    `"size": "8K", "offset": "${'9'.repeat(100)}"`,
    `1:53+102 config-value: "offset" is a text that looks like a key: a partition table has 32 bits for it → ${most}`,
  ],
  ['"offset": "0xfffff000", "size": "8K"', '1:61+4 config-value: "a_ca" ends beyond 4G, the end of any flash'],
  [
    '"size": 0, "offset": 99999999999, "headroom": "9999999999999999999"',
    `1:37+1 config-value: "size" is 0 → ${sector}`,
    `1:50+11 config-value: "offset" is 99999999999: a partition table has 32 bits for it → ${most}`,
    `1:75+21 config-value: "headroom" is "9999999999999999999": a partition table has 32 bits for it → ${most}`,
  ],
  // What the schema refuses is said once.
  ['"size": "x"', '1:37+3 config-value: "x" is not a size → write 8192, "0x2000", "8K" or "1M"'],
  ['"size": -1', '1:37+2 config-value: -1 is not a size → write 8192, "0x2000", "8K" or "1M"'],
  // The last sector, and none at all.
  ['"size": "4K", "offset": "0xfffff000", "headroom": 0'],
  ['"size": "4K", "offset": 0'],
];
for (const [text, ...expected] of numbers) {
  test(`a partition of ${text.slice(0, 70)}`, async (t) => {
    assert.deepEqual(await mistakes(t, `{ "partitions": { "a_ca": { ${text} } } }`), expected);
  });
}

test('a flash of nothing, or of more than there can be', async (t) => {
  assert.deepEqual(await mistakes(t, '{ "flashSize": 0 }'), [`1:16+1 config-value: "flashSize" is 0 → ${sector}`]);
  assert.deepEqual(await mistakes(t, '{ "flashSize": "5000M" }'), [
    `1:16+7 config-value: "flashSize" is "5000M": a partition table has 32 bits for it → ${most}`,
  ]);
});

test('in a program the path says where', async (t) => {
  const text = 'export default { partitions: { a_ca: { size: 0 }, "a/b_ca": { size: 1n } } };';
  assert.deepEqual(await mistakes(t, text, 'pki.config.mjs'), [
    `- config-value: 1 is not a size → write 8192, "0x2000", "8K" or "1M"`,
    `- table-name: "a/b_ca" cannot be the name of a file → ${asBin}`,
    `- config-value: partitions.a_ca.size is 0 → ${sector}`,
  ]);
});

test('these stand among the mistakes that the schema finds, in the order of the text', async (t) => {
  const text = '{ "flashSize": 0, "chp": 1, "partitions": { "..": { "size": 0, "ofset": 1 } } }';
  assert.deepEqual(
    (await mistakes(t, text)).map((one) => one.replace(/:.*/, (rest) => rest.slice(0, 3))),
    ['1:16', '1:19', '1:45', '1:61', '1:64'],
  );
});
