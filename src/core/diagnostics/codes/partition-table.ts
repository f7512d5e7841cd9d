import { codesOf } from '../code.ts';

/** Partition tables and the layout of the flash. */
export const partitionTableCodes = codesOf({
  'table-syntax': {
    severity: 'error',
    blame: 'usage',
    summary: 'A row of the partition table is not understood.',
    explain: async () => ({
      meaning: 'Nothing was built: offsets from a table that is read wrongly would put images over others.',
      cause: 'A missing comma, an unknown type, a size without a number, or a file that is not a partition table.',
      remedy:
        'Write rows as ESP-IDF does: `client_ca, 0x40, 7, 0x2e000, 8K`. A binary table is shown by `at-pki inspect at_customize.bin`.',
      source: 'ESP-IDF, "Partition Tables"; gen_esp32part.py.',
    }),
  },
  'table-encrypted-nvs': {
    severity: 'warning',
    summary: 'An NVS partition has the flag encrypted.',
    explain: async () => ({
      meaning:
        'Once flash encryption is on, ESP-IDF refuses to open it (ESP_ERR_NVS_WRONG_ENCRYPTION): the firmware finds neither factory parameters nor certificates.',
      cause: 'The flag was taken for the way to encrypt NVS.',
      remedy: 'Leave the flag out: NVS is encrypted by keys of its own, in the partition nvs_keys.',
      source: 'ESP-IDF, nvs_flash, nvs_partition_lookup.cpp; "NVS Encryption".',
    }),
  },
  'table-name': {
    severity: 'error',
    blame: 'usage',
    summary: 'A partition has no name, a name over 16 bytes, or the name of another one.',
    explain: async () => ({
      meaning:
        'The firmware looks partitions up by name: without one, or with a name cut off at 16 bytes, it does not find them; of two it finds only the first.',
      cause: 'A row was copied and its name was not changed.',
      remedy: 'Give each partition a name of its own, of at most 16 bytes: `client_ca`, `mqtt_key`, `mfg_nvs`.',
      source: 'ESP-IDF, esp_partition_info_t: char label[16].',
    }),
  },
  'partition-alignment': {
    severity: 'error',
    blame: 'usage',
    summary: 'An offset or size is not a multiple of 4 KiB, the flash sector.',
    explain: async () => ({
      meaning:
        'Flash is erased in sectors of 4,096 bytes: writing such a partition would erase a part of its neighbour.',
      cause: 'An offset was calculated by hand, or an image size was taken for a partition size.',
      remedy: 'Round up to a multiple of 0x1000: `"offset": "0x2e000"`, `"size": "8K"`.',
      source: 'ESP-IDF, "Partition Tables", "Offset & Size"; SPI_FLASH_SEC_SIZE.',
    }),
  },
  'partition-overlap': {
    severity: 'error',
    blame: 'usage',
    summary: 'Two partitions share flash.',
    explain: async () => ({
      meaning: 'Flashing one of the two would destroy a part of the other.',
      cause: 'A partition was enlarged and those after it were not moved, or tables of two modules were mixed.',
      remedy: 'Move the second one to the end of the first, or shrink the first. The hint gives the first free offset.',
      source: 'ESP-IDF, gen_esp32part.py: "Partitions overlap".',
    }),
  },
  'partition-outside': {
    severity: 'error',
    blame: 'usage',
    summary: 'A partition is outside the region or the flash that must hold it.',
    explain: async () => ({
      meaning: 'The image would be written over the application, or beyond the end of the flash.',
      cause: 'The table is for a module with a larger flash, or at_customize of the main table is too small.',
      remedy:
        'Use the table of the module: `at-pki build --module esp32_default`. A partition in at_customize starts at least 0x1000 after its offset, behind the table.',
      source: 'esp-at, "How to customize partitions"; partitions_at.csv, row at_customize.',
    }),
  },
});
