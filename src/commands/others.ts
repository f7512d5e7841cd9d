import type { Command } from './command.ts';

/**
 * All commands but `build`, which nothing may slow down: in dist these are a file of their own (src/bundle.mjs).
 */
export const others = {
  watch: async () => (await import('./watch.ts')).watch,
  check: async () => (await import('./check.ts')).check,
  flash: async () => (await import('./flash.ts')).flash,
  read: async () => (await import('./read.ts')).read,
  explain: async () => (await import('./explain.ts')).explain,
  inspect: async () => (await import('./inspect.ts')).inspect,
  extract: async () => (await import('./extract.ts')).extract,
  generate_bin: async () => (await import('./generate-bin.ts')).generateBin,
  parse_bin: async () => (await import('./parse-bin.ts')).parseBin,
  diff: async () => (await import('./diff.ts')).diff,
  nvs: async () => (await import('./nvs/index.ts')).nvs,
  'nvs generate': async () => (await import('./nvs/generate.ts')).generate,
  'nvs encrypt': async () => (await import('./nvs/encrypt.ts')).encrypt,
  'nvs decrypt': async () => (await import('./nvs/decrypt.ts')).decrypt,
  'nvs generate-key': async () => (await import('./nvs/generate-key.ts')).generateKey,
  'nvs dump': async () => (await import('./nvs/dump.ts')).dump,
  'nvs set': async () => (await import('./nvs/set.ts')).set,
  'nvs delete': async () => (await import('./nvs/delete.ts')).deleteKey,
  certs: async () => (await import('./certs/index.ts')).certs,
  'certs create': async () => (await import('./certs/create.ts')).create,
  'certs show': async () => (await import('./certs/show.ts')).show,
  'certs fetch-ca': async () => (await import('./certs/fetch-ca.ts')).fetchCa,
  'certs list': async () => (await import('./certs/list.ts')).list,
} as const satisfies Readonly<Record<string, () => Promise<Command>>>;
