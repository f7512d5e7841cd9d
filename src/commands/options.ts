import { nvsProfiles } from '../formats/nvs/model.ts';
import { reporters } from '../report/reporters.ts';
import type { Options } from './command.ts';

/** The options that every command takes. */
export const commonOptions = {
  cwd: { type: 'string', value: 'DIR', help: 'Work in this folder instead of the current one' },
  config: { type: 'string', short: 'c', value: 'FILE', help: 'Use this config instead of looking for one' },
  json: { type: 'boolean', help: 'Print one JSON document on stdout and nothing else there' },
  reporter: {
    type: 'string',
    value: 'NAME',
    get choices() {
      return Object.keys(reporters);
    },
    get help() {
      return `Print the result as ${Object.keys(reporters).join(', ')} (default: pretty)`;
    },
  },
  quiet: { type: 'boolean', short: 'q', help: 'Print errors and warnings only' },
  verbose: { type: 'boolean', short: 'v', help: 'Print background notes too, such as partitions left alone' },
  'no-color': { type: 'boolean', help: 'Print without colours; also NO_COLOR; FORCE_COLOR=1 forces them' },
  help: { type: 'boolean', short: 'h', help: 'Show this help' },
  version: { type: 'boolean', short: 'V', help: 'Show the version' },
} as const satisfies Options;

export const commonConflicts = [
  ['quiet', 'verbose'],
  ['json', 'reporter'],
] as const;

/** A program to run after a build that changed something. */
export const execOption = {
  exec: {
    type: 'string',
    rest: true,
    value: 'CMD…',
    help: 'Run this program, if an image changed; takes the rest of the line',
  },
} as const satisfies Options;

/** The options that say what the project is, for every command that resolves one. */
export const projectOptions = {
  module: {
    type: 'string',
    short: 'm',
    value: 'NAME',
    help: 'Module: a folder of module_config, or a name such as MINI-1',
  },
  table: { type: 'string', short: 't', value: 'FILE', help: 'Partition table to use instead of the module’s own' },
  'nvs-profile': {
    type: 'string',
    choices: nvsProfiles,
    help: 'How NVS images are written (default: as the module’s ESP-IDF)',
  },
  error: {
    type: 'string',
    value: 'CODE',
    multiple: true,
    help: 'Make diagnostics of this code errors; may be repeated',
  },
  warn: { type: 'string', value: 'CODE', multiple: true, help: 'Make them warnings' },
  off: { type: 'string', value: 'CODE', multiple: true, help: 'Leave them out' },
  'max-warnings': { type: 'string', value: 'N', help: 'Exit 1 if there are more warnings' },
  'no-exec': {
    type: 'boolean',
    help: 'Run no program: no exec source, hook, esptool or JavaScript config',
  },
} as const satisfies Options;
