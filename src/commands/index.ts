import type { Command } from './command.ts';

interface Entry {
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** Every command, in the order of the help text. Only the one that is asked for is loaded. */
export const commands: Readonly<Record<string, Entry>> = {
  build: {
    summary: 'Build the images that are not up to date',
    load: async () => (await import('./build.ts')).build,
  },
  watch: {
    summary: 'Build, and with --flash flash, again whenever something changes',
    load: async () => (await import('./watch.ts')).watch,
  },
  check: {
    summary: 'Check certificates, keys and their fit; write nothing',
    load: async () => (await import('./check.ts')).check,
  },
  flash: {
    summary: 'Build what is not up to date, and write to the device what differs there',
    load: async () => (await import('./flash.ts')).flash,
  },
  read: {
    summary: 'Read partitions or ranges of the flash of a device into files',
    load: async () => (await import('./read.ts')).read,
  },
  explain: {
    summary: 'Explain a code, or a number that a device printed: what it means, how to fix it',
    load: async () => (await import('./explain.ts')).explain,
  },
  inspect: {
    summary: 'Show what is in an image',
    load: async () => (await import('./inspect.ts')).inspect,
  },
  extract: {
    summary: 'Take the files back out of an image',
    load: async () => (await import('./extract.ts')).extract,
  },
  generate_bin: {
    summary: 'Pack files into a PKI bin, as AtPKI.py does',
    load: async () => (await import('./generate-bin.ts')).generateBin,
  },
  parse_bin: {
    summary: 'Unpack a PKI bin, as AtPKI.py means to',
    load: async () => (await import('./parse-bin.ts')).parseBin,
  },
  diff: {
    summary: 'Show what differs between two images, entry by entry',
    load: async () => (await import('./diff.ts')).diff,
  },
  nvs: {
    summary: 'Make, read and change NVS images',
    load: async () => (await import('./nvs/index.ts')).nvs,
  },
  'nvs generate': {
    summary: 'Make an NVS image from a CSV, as nvs_partition_gen.py does',
    load: async () => (await import('./nvs/generate.ts')).generate,
  },
  'nvs encrypt': {
    summary: 'Make an encrypted NVS image from a CSV, as nvs_partition_gen.py does',
    load: async () => (await import('./nvs/encrypt.ts')).encrypt,
  },
  'nvs decrypt': {
    summary: 'Decrypt an NVS image, as nvs_partition_gen.py does',
    load: async () => (await import('./nvs/decrypt.ts')).decrypt,
  },
  'nvs generate-key': {
    summary: 'Make keys of encrypted NVS images, as nvs_partition_gen.py does',
    load: async () => (await import('./nvs/generate-key.ts')).generateKey,
  },
  'nvs dump': {
    summary: 'Show what an NVS image holds, or write it as a CSV',
    load: async () => (await import('./nvs/dump.ts')).dump,
  },
  'nvs set': {
    summary: 'Set a key in an NVS image',
    load: async () => (await import('./nvs/set.ts')).set,
  },
  'nvs delete': {
    summary: 'Delete a key or a namespace from an NVS image',
    load: async () => (await import('./nvs/delete.ts')).deleteKey,
  },
  certs: {
    summary: 'Make, show and fetch certificates',
    load: async () => (await import('./certs/index.ts')).certs,
  },
  'certs create': {
    summary: 'Make CAs, certificates and keys for development',
    load: async () => (await import('./certs/create.ts')).create,
  },
  'certs show': {
    summary: 'Show the certificates of a file or a TLS server',
    load: async () => (await import('./certs/show.ts')).show,
  },
  'certs fetch-ca': {
    summary: 'Get the CA of a TLS server, to put into a CA slot',
    load: async () => (await import('./certs/fetch-ca.ts')).fetchCa,
  },
  'certs list': {
    summary: 'List every certificate of the project, the next to expire first',
    load: async () => (await import('./certs/list.ts')).list,
  },
};
