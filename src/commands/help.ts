import { largestOf } from '../core/lists.ts';
import type { Command, Options } from './command.ts';
import { commands } from './index.ts';
import { commonOptions } from './options.ts';

const indent = '  ';

/** The help text of the program. */
export function programHelp(): string[] {
  return [
    'at-pki: certificates and keys of ESP-AT devices, from files to exact, checked partition images.',
    '',
    'Usage: at-pki COMMAND [options]',
    '',
    'Commands:',
    ...columns(commandRows(() => true)),
    '',
    'Options of every command:',
    ...columns(optionRows(commonOptions)),
    '',
    'Examples:',
    ...columns([
      ['at-pki build', 'build all images of the config or esp-at checkout here'],
      ['at-pki build --check', 'in CI: fail if an image is not up to date'],
      ['at-pki inspect client_ca.bin', 'list the certificates in a bin'],
    ]),
    '',
    'at-pki COMMAND --help tells more.',
  ];
}

/** The commands of a group such as `nvs`, for its own help text. */
export const groupHelp = (group: string): string =>
  columns(commandRows((name) => name.startsWith(`${group} `))).join('\n');

function commandRows(isShown: (name: string) => boolean): (readonly [string, string])[] {
  return Object.entries(commands).flatMap(([name, { summary }]) => (isShown(name) ? [[name, summary] as const] : []));
}

/** The help text of one command, with its examples. */
export function commandHelp(command: Command): string[] {
  const own = optionRows(command.options);
  const common = optionRows(command.standalone ? { help: commonOptions.help } : commonOptions);
  return [
    `${command.summary}.`,
    '',
    ...command.usage.map((usage, index) => `${index === 0 ? 'Usage:' : '      '} at-pki ${usage}`),
    ...(command.about ? ['', ...command.about.split('\n')] : []),
    ...(own.length > 0 ? ['', 'Options:', ...columns(own)] : []),
    '',
    command.standalone ? 'Also:' : 'Options of every command:',
    ...columns(common),
    '',
    'Examples:',
    ...columns(command.examples),
  ];
}

function optionRows(options: Options): (readonly [string, string])[] {
  return Object.entries(options).map(([name, { short, value, choices, help }]) => {
    const argument = value ? ` ${value}` : choices ? ` ${choices.join('|')}` : '';
    return [`${short ? `-${short}, ` : '    '}--${name}${argument}`, help];
  });
}

/** Two columns, the second one aligned; a first one that is too long gets a line of its own. */
function columns(rows: readonly (readonly [string, string])[]): string[] {
  const widest = 40;
  const width = largestOf(rows.map(([left]) => left.length).filter((length) => length <= widest));
  return rows.flatMap(([left, right]) =>
    left.length > widest
      ? [`${indent}${left}`, `${indent}${' '.repeat(width)}  ${right}`]
      : [`${indent}${left.padEnd(width)}  ${right}`],
  );
}
