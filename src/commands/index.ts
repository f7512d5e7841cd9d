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
};
