import type { Command } from './command.ts';
import type { others } from './others.ts';

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
  watch: other('watch', 'Build, and with --flash flash, again whenever something changes'),
  check: other('check', 'Check certificates, keys and their fit; write nothing'),
  flash: other('flash', 'Build what is not up to date, and write to the device what differs there'),
  read: other('read', 'Read partitions or ranges of the flash of a device into files'),
  explain: other('explain', 'Explain a code: what it means on the device, how it happens, how to mend it'),
  inspect: other('inspect', 'Show what is in an image'),
  extract: other('extract', 'Take the files back out of an image'),
  generate_bin: other('generate_bin', 'Pack files into a PKI bin, as AtPKI.py does'),
  parse_bin: other('parse_bin', 'Unpack a PKI bin, as AtPKI.py means to'),
  diff: other('diff', 'Show what differs between two images, entry by entry'),
  nvs: other('nvs', 'Make, read and change NVS images'),
  'nvs generate': other('nvs generate', 'Make an NVS image from a CSV, as nvs_partition_gen.py does'),
  'nvs encrypt': other('nvs encrypt', 'Make an encrypted NVS image from a CSV, as nvs_partition_gen.py does'),
  'nvs decrypt': other('nvs decrypt', 'Decrypt an NVS image, as nvs_partition_gen.py does'),
  'nvs generate-key': other('nvs generate-key', 'Make keys of encrypted NVS images, as nvs_partition_gen.py does'),
  'nvs dump': other('nvs dump', 'Show what an NVS image holds, or write it as a CSV'),
  'nvs set': other('nvs set', 'Set a key in an NVS image'),
  'nvs delete': other('nvs delete', 'Delete a key or a namespace from an NVS image'),
  certs: other('certs', 'Make, show and fetch certificates'),
  'certs create': other('certs create', 'Make CAs, certificates and keys for development'),
  'certs show': other('certs show', 'Show the certificates of a file or a TLS server'),
  'certs fetch-ca': other('certs fetch-ca', 'Get the CA of a TLS server, to put into a CA slot'),
  'certs list': other('certs list', 'List every certificate of the project, the next to expire first'),
};

function other(name: keyof typeof others, summary: string): Entry {
  return { summary, load: async () => (await import('./others.ts')).others[name]() };
}
