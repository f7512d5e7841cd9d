import { codesOf } from '../code.ts';

/** NVS images. */
export const nvsCodes = codesOf({
  'nvs-name': {
    severity: 'error',
    summary: 'A namespace or key of an NVS image is empty, too long or repeated.',
    explain: async () => ({
      meaning: 'The image is not built: the device would not find the entry, or only one of the two.',
      cause: 'NVS names have 1 to 15 bytes; a file name with more was taken as a key, or a row was copied.',
      remedy:
        'Shorten the name or rename one of the two. The firmware looks for fixed names: `client_ca.0`, `mqtt_ca`.',
      source: 'ESP-IDF, nvs.h: NVS_KEY_NAME_MAX_SIZE is 16 with the NUL.',
    }),
  },
  'nvs-value': {
    severity: 'error',
    summary: 'A value does not fit its NVS type.',
    explain: async () => ({
      meaning: 'The image is not built: the value is out of range, or not of the encoding that is named.',
      cause: 'A number beyond the type (300 as u8), odd hexadecimal digits, or a file that cannot be read as base64.',
      remedy:
        'Use a larger type or correct the value: `at-pki nvs set mfg_nvs.bin factory_param uart_baudrate i32 921600`.',
      source: 'ESP-IDF, "NVS Partition Generator Utility", types and encodings.',
    }),
  },
  'nvs-csv': {
    severity: 'error',
    summary: 'A row of an NVS CSV is not understood.',
    explain: async () => ({
      meaning: 'The image is not built: nvs_partition_gen.py would fail on this row, or store something else.',
      cause: 'Another separator, a value with a comma and without quotes, a wrong header, or text that is not UTF-8.',
      remedy:
        'Begin with the line key,type,encoding,value and save as UTF-8 with commas. An image gives such a CSV: `at-pki nvs dump mfg_nvs.bin --csv -o mfg_nvs.csv`.',
      source: 'ESP-IDF, "NVS Partition Generator Utility", "CSV File Format"; RFC 4180.',
    }),
  },
  'nvs-damage': {
    severity: 'warning',
    summary: 'An NVS image holds something that a device would not read: torn, doubled or with a wrong checksum.',
    explain: async () => ({
      meaning: 'The device skips these entries; everything else in the image is good.',
      cause: 'The device lost power while it wrote, or the dump begins or ends within a page.',
      remedy:
        'Read it again, whole: `at-pki read mfg_nvs -o mfg_nvs.bin`. A fresh image repairs the partition: `at-pki flash --merge` keeps the values that are readable.',
      source: 'ESP-IDF, "Non-Volatile Storage Library", "Internals": CRC32 of each entry.',
    }),
  },
  'nvs-place': {
    severity: 'error',
    summary: 'A file holds an NVS image beside other data; the message says where.',
    explain: async () => ({
      meaning:
        'The file is a dump of more than one partition. At-pki does not guess which image is meant, nor write into it.',
      cause: 'The whole flash was read: it holds the NVS of the firmware and mfg_nvs.',
      remedy:
        'Name the place: `at-pki nvs dump flash.bin --offset 0x21000 --size 0x1c000`. To edit, read the partition alone: `at-pki read mfg_nvs -o mfg_nvs.bin`.',
      source: 'ESP-IDF, "Non-Volatile Storage Library", "Structure of a Page".',
    }),
  },
  'nvs-encrypted': {
    severity: 'error',
    summary: 'An NVS image is encrypted, and no key or a wrong one was given.',
    explain: async () => ({
      meaning: 'No entry has a right checksum: the content cannot be read without the keys.',
      cause:
        'The image was made by nvs_partition_gen.py encrypt, or flash encryption is on. ESP-AT opens mfg_nvs unencrypted.',
      remedy: 'Name the key file: `at-pki nvs dump encrypted.bin --key keys.bin`.',
      source: 'ESP-IDF, "NVS Encryption": XTS-AES-256 for each entry.',
    }),
  },
  'nvs-key-file': {
    severity: 'error',
    summary: 'An NVS key file is not valid, or its keys cannot be used.',
    explain: async () => ({
      meaning: 'Nothing was encrypted or decrypted: the file does not hold two keys of 32 bytes with their checksum.',
      cause:
        'The partition nvs_key was read from a device with flash encryption, or an HMAC key was given as a key file.',
      remedy:
        'Make a key file: `at-pki nvs generate-key --keyfile nvs_keys.bin`. For an HMAC key use `at-pki nvs generate-key --key_protect_hmac --kp_hmac_inputkey hmac.bin`.',
      source: 'ESP-IDF, "NVS Encryption", "NVS Key Partition".',
    }),
  },
});
