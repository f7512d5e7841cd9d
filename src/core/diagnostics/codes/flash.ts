import { codesOf } from '../code.ts';

/** What the flash of a device holds: its tables, its values, what a flash left. */
export const flashCodes = codesOf({
  'device-table': {
    severity: 'error',
    blame: 'device',
    summary: 'The partition table of the device disagrees with the build.',
    explain: async () => ({
      meaning:
        'Nothing was written: the firmware finds certificates by the table in its flash, which names other places.',
      cause: 'The board runs the firmware of another module or release, or the table changed after it was flashed.',
      remedy:
        'Build for the firmware that is on the board, or write the new table along with the images: `at-pki flash --update-table`.',
      source: 'esp-at, CONFIG_AT_CUSTOMIZED_PARTITION_TABLE_OFFSET; at_customize.bin.',
    }),
  },
  'device-table-missing': {
    severity: 'error',
    blame: 'device',
    summary: 'The device has no partition table where one is expected.',
    explain: async () => ({
      meaning: 'Nothing was written: without its tables the firmware finds no certificates.',
      cause: 'The board was never flashed with ESP-AT, was erased, or has its table at an unusual offset.',
      remedy:
        'Flash the firmware first, or give the offset of the table: `"flash": { "partitionTable": "0x8000" }`, `at-pki read --table-offset 0x10000`.',
      source: 'ESP-IDF, CONFIG_PARTITION_TABLE_OFFSET: 0x8000 by default.',
    }),
  },
  'device-values': {
    severity: 'error',
    blame: 'device',
    summary: 'The device holds values that the image lacks, and nothing says whether to keep them.',
    explain: async () => ({
      meaning: 'Nothing was written: values that only the device has would be lost with the old image.',
      cause: 'They were written at run time, by AT+SYSMFG or the firmware itself.',
      remedy:
        'Decide: `at-pki flash --merge` keeps them beside the new image, `at-pki flash --overwrite` replaces all.',
      source: 'ESP-AT, "AT+SYSMFG: Query/Set Manufacturing NVS User Partitions".',
    }),
  },
  'values-kept': {
    severity: 'info',
    summary: 'Values that the device holds and the image lacks were kept.',
    explain: async () => ({
      meaning: 'The flash holds the image and these values; its bytes are therefore not those of the file on disk.',
      cause: '--merge was given, and the device has values that were written at run time.',
      remedy: 'Nothing. To have exactly the image: `at-pki flash --overwrite`.',
      source: 'ESP-AT, AT+SYSMFG.',
    }),
  },
  'values-replaced': {
    severity: 'warning',
    summary: 'Values that the device holds and the image lacks were replaced.',
    explain: async () => ({
      meaning: 'The values are gone from the device; the backup holds them.',
      cause: '--overwrite was given, and the device had values that were written at run time.',
      remedy:
        'If they are needed, put the backup back: `at-pki flash --restore .at-pki/backup/a0-b1-c2-d3-e4-f5/2026-11-21T12-54-09Z`, then `at-pki flash --merge`.',
      source: 'ESP-AT, AT+SYSMFG.',
    }),
  },
  'unfinished-flash': {
    severity: 'warning',
    summary: 'A flash of this board was interrupted, and another program wrote to it since.',
    explain: async () => ({
      meaning: 'The current content of the flash is taken as the state before this flash; the older backup is kept.',
      cause: 'An earlier run lost the board, and then another tool flashed it.',
      remedy:
        'Nothing. The message names the backup of the state before the interrupted flash, for `at-pki flash --restore DIR`.',
      source: 'README, "Onto the device".',
    }),
  },
  'no-offset': {
    severity: 'error',
    blame: 'usage',
    summary: 'An image cannot be flashed: nothing says where in the flash it belongs.',
    explain: async () => ({
      meaning: 'Nothing was written: the partition has a size, which is enough to build it, and no offset.',
      cause: 'The config gives `"size"` alone and names no partition table.',
      remedy: 'Add `"offset": "0x2e000"` to the partition, or `"partitionTable": "at_customize.csv"` to the config.',
      source: 'schema/pki.config.schema.json, "offset" and "partitionTable".',
    }),
  },
  'backup-unreadable': {
    severity: 'error',
    blame: 'usage',
    summary: 'A backup cannot be put back: it is damaged, or not a backup.',
    explain: async () => ({
      meaning: 'Nothing was written: the files are not what was saved.',
      cause: 'Files of the backup were changed, deleted or copied only in part, or the folder above was named.',
      remedy:
        'Name another backup; each flash has its own: `at-pki flash --restore .at-pki/backup/a0-b1-c2-d3-e4-f5/2026-11-21T12-54-09Z`.',
      source: 'README, "Onto the device".',
    }),
  },
});
