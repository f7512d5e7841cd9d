import { codesOf } from '../code.ts';

/** Packing images, and reading them back. */
export const imageCodes = codesOf({
  'item-kind': {
    severity: 'error',
    summary: 'A file is of a kind that the image format has no place for.',
    explain: async () => ({
      meaning: 'The image is not built: a PKI bin holds CAs, certificates and private keys, and nothing else.',
      cause: 'Plain data was put into a partition of certificates.',
      remedy:
        'Give the type if it is a certificate or key, `"type": "cert"`, or the format for plain data, `"format": "raw"`.',
      source: 'esp-at, tools/AtPKI.py: types 1 to 3.',
    }),
  },
  'item-size': {
    severity: 'error',
    summary: 'A file is longer than the image format can express.',
    explain: async () => ({
      meaning: 'The image is not built: its length field would overflow, and the device could not read anything in it.',
      cause:
        'A whole CA bundle was packed. A PKI bin stores at most 65,535 bytes an item, an NVS blob 508,000, an NVS string 3,968.',
      remedy: 'Pack only the CA that signs the server: `at-pki certs fetch-ca broker.example:8883 -o ca.pem`.',
      source: 'esp-at, tools/AtPKI.py: u16 length; ESP-IDF, nvs_flash: Item and Page.',
    }),
  },
  'item-count': {
    severity: 'error',
    summary: 'A partition has more files than the image format can number.',
    explain: async () => ({
      meaning: 'The image is not built: numbers would wrap around, and items would be confused.',
      cause:
        'A pattern matches more files than intended. A PKI bin numbers 256 items of a type, an NVS image has 254 namespaces, a raw image one file.',
      remedy: 'Narrow the pattern: `"files": "client_*.crt"`.',
      source: 'esp-at, tools/AtPKI.py: u8 ID; ESP-IDF, nvs_flash: u8 namespace index.',
    }),
  },
  'partition-full': {
    severity: 'error',
    summary: 'An image is larger than its partition.',
    explain: async () => ({
      meaning: 'The image is not built: flashed, it would destroy the beginning of the next partition.',
      cause: 'A chain with its root, a whole CA bundle, RSA keys of 4,096 bits, or a text before the PEM blocks.',
      remedy:
        'Leave the root out of the chain, strip texts with `"normalize": { "preamble": "strip" }`, use EC keys, or enlarge the partition and flash its table: `at-pki flash --update-table`.',
      source: 'esp-at, at_customize.csv; the firmware rejects a length above the size of the partition minus 8.',
    }),
  },
  headroom: {
    severity: 'warning',
    summary: 'An image leaves less room in its partition than the config asks for.',
    explain: async () => ({
      meaning:
        'The image fits. The next certificate, if it is larger, may not; in NVS the device also needs room for its own values.',
      cause: 'The config asks for free room with "headroom", and the files have grown.',
      remedy:
        'Enlarge the partition before devices are shipped, shrink its content, or lower the limit: `"headroom": "10%"`.',
      source: 'schema/pki.config.schema.json, "headroom".',
    }),
  },
  'partition-skipped': {
    severity: 'info',
    background: true,
    summary: 'A partition has no sources and is skipped.',
    explain: async () => ({
      meaning: 'No image is made for it, and what the device has there stays.',
      cause: 'Its folder does not exist, or its option is not set in sdkconfig.',
      remedy:
        'Nothing, if the set is not used. Otherwise create the folder: `at-pki certs create mqtt` fills it for development.',
      source: 'esp-at, at_customized_config_dependency.txt.',
    }),
  },
  'partition-left-alone': {
    severity: 'info',
    background: true,
    summary: 'A partition of the table is not for certificates and is left alone.',
    explain: async () => ({
      meaning: 'No image is made for it; the tools of esp-at make it (fatfs, ble_data, factory_param).',
      cause: 'at_customize also holds partitions that have nothing to do with certificates.',
      remedy: 'Nothing. To build it from a file of your own, add it to the config with `"format": "raw"`.',
      source: 'esp-at, components/customized_partitions/CMakeLists.txt.',
    }),
  },
  'image-unreadable': {
    severity: 'error',
    summary: 'The image cannot be read.',
    explain: async () => ({
      meaning: 'Nothing was shown or written: the input could not be read at all.',
      cause: 'Neither a file nor the partition of a device gave any bytes.',
      remedy: 'Name a file, or a partition of the board: `at-pki inspect --port auto mfg_nvs`.',
      source: 'README, "Commands".',
    }),
  },
  'image-unknown': {
    severity: 'error',
    summary: 'The file is not an image of a format that at-pki knows.',
    explain: async () => ({
      meaning: 'It is neither a PKI bin, an NVS image, a partition table, PEM nor DER.',
      cause:
        'It is a firmware binary, an erased or encrypted partition (all FF, or noise), or a dump that starts elsewhere.',
      remedy: 'Check what was read. Read the partition by its name: `at-pki read client_ca -o client_ca.bin`.',
      source: 'A PKI bin begins with F1 F1, a partition table with AA 50, an NVS page with FE FF FF FF or FC FF FF FF.',
    }),
  },
  'image-broken': {
    severity: 'error',
    summary: 'The image is damaged; the message gives the offset at fault.',
    explain: async () => ({
      meaning: 'The device cannot read it either: it stops at the first wrong length or checksum.',
      cause:
        'The file was cut off, or changed by a transfer in text mode, or the partition was overwritten by its neighbour.',
      remedy: 'Build the image again: `at-pki build --force`, then `at-pki flash`.',
      source: 'esp-at, tools/AtPKI.py; ESP-IDF, nvs_flash and gen_esp32part.py.',
    }),
  },
  'item-repeated': {
    severity: 'warning',
    summary: 'An image holds two items of one type and ID; the device goes by their order.',
    explain: async () => ({
      meaning:
        'The firmware walks items by position and ignores the ID. The second item is written under a number of its own.',
      cause: 'The bin was joined or edited by hand: AtPKI.py numbers the items of a type from 0.',
      remedy: 'Pack the files again: `at-pki generate_bin -b client_ca.bin ca ca_0.cer ca ca_1.cer`.',
      source: 'esp-at, tools/AtPKI.py.',
    }),
  },
});
