import { codesOf } from '../code.ts';

/** Files, programs and variables that go into images. */
export const sourceCodes = codesOf({
  'source-missing': {
    severity: 'error',
    summary: 'A source does not exist or is not set, or its pattern or folder gives no file.',
    explain: async () => ({
      meaning: 'The image is not built: a certificate or key would be missing on the device.',
      cause:
        'A path relative to another folder than `"rawData"`, a variable that CI does not set, or files that git ignores.',
      remedy:
        'Correct the path: it counts from `"rawData"`, else from the folder of the config. For a variable set it in the shell or as a secret of the CI.',
      source: 'schema/pki.config.schema.json, "rawData" and "files".',
    }),
  },
  'source-unreadable': {
    severity: 'error',
    summary: 'A source exists and cannot be read.',
    explain: async () => ({
      meaning: 'The image is not built: the file is there, but this user cannot read it, or it is not a regular file.',
      cause:
        'A key with mode 0600 of another user, a folder where a file is expected, a pipe, or a file larger than any flash.',
      remedy: 'Give this user access (chmod u+r, or chown), or name the file itself instead of its folder.',
      source: 'man 2 open, "ERRORS".',
    }),
  },
  'source-program': {
    severity: 'error',
    summary: 'The program of an exec source failed, took too long or printed nothing.',
    explain: async () => ({
      meaning: 'The image is not built: what the program prints on stdout is the file, and there is none.',
      cause:
        'A login to a secret store has expired, the program is not in PATH, or it waits for input that it does not get.',
      remedy:
        'Run the program by hand in the folder of the config. Allow more time with `"timeout": 60`; for pipes name a shell: `"exec": ["sh", "-c", "…"]`.',
      source: 'schema/pki.config.schema.json, "exec" and "timeout".',
    }),
  },
  'source-changing': {
    severity: 'error',
    summary: 'A source kept changing while it was read.',
    explain: async () => ({
      meaning: 'The image is not built: half of an old and half of a new certificate would be in it.',
      cause: 'Another program writes the file in place at this moment: a sync client, a generator, a renewal.',
      remedy: 'Run again when it has finished. Let the other program write a new file and rename it.',
      source: 'man 2 rename: the replacement is atomic.',
    }),
  },
  'unused-file': {
    severity: 'info',
    summary: 'A file in a source folder is left out: hidden, a backup, a README, or of another kind.',
    explain: async () => ({
      meaning:
        'The file is not in the image. In mfg_nvs one file more would change the keys of the others (server_ca.0 instead of server_ca).',
      cause: 'Folders are packed whole; .DS_Store, editor backups and notes are recognised by their names.',
      remedy:
        'Nothing, if it does not belong there. To pack it all the same, name it in the config: `"files": ["certs/README.pem"]`.',
      source: 'esp-at, mfg_nvs.py counts every entry of a folder.',
    }),
  },
  'not-normalized': {
    severity: 'error',
    summary: 'A file cannot be changed as "normalize" in the config asks.',
    explain: async () => ({
      meaning: 'The image is not built: the file would go in unchanged, and the device could not use it.',
      cause: 'A wrong or missing password, an encryption that Node does not support, or a chain that cannot be sorted.',
      remedy:
        'Set the variable that `"normalize": { "password": { "env": "KEY_PASSWORD" } }` names, or convert the file once: openssl pkey -in FILE -out NEW.',
      source: 'schema/pki.config.schema.json, "normalize".',
    }),
  },
  normalized: {
    severity: 'info',
    summary: 'A file goes into the image in another form; the message says what was changed.',
    explain: async () => ({
      meaning: 'The bytes in the image are not those of the file; key and certificate are the same.',
      cause: 'The config asks for it, or a DER file goes into an NVS image, where the firmware reads PEM.',
      remedy: 'Nothing. To keep the bytes as they are, remove `"normalize"`, or store the file as PEM.',
      source: 'schema/pki.config.schema.json, "normalize".',
    }),
  },
  'reference-differs': {
    severity: 'warning',
    summary:
      'The build of esp-at itself would store a file under a key that the firmware never looks up, or leave it out.',
    explain: async () => ({
      meaning:
        'This image works; the one that the build of esp-at makes of the same folder does not, and its bytes differ.',
      cause:
        'mfg_nvs.py names keys by counting the entries of a folder: one file becomes client_ca, where the firmware looks for client_ca.0.',
      remedy: 'Nothing. If the same bytes are needed, set `"compat": "reference"` in the config.',
      source: 'esp-at, components/customized_partitions/generation_tools/mfg_nvs.py.',
    }),
  },
});
