import type { After, Before } from '../../device.ts';

/** What is asked of esptool, spelt as version 5 does. */
export type Command = 'flash-id' | 'get-security-info' | 'dump-mem' | 'read-flash' | 'write-flash' | 'read-mac';

/** `no-reset-stub`: the program that esptool loads into the chip keeps running. */
export type Parting = After | 'no-reset-stub';

export interface Call {
  /** `auto` lets esptool find out. */
  readonly chip: string;
  readonly port: string;
  readonly baud: number;
  readonly before: Before;
  readonly after: Parting;
  /** Attempts to connect; as many as esptool finds good where not said. */
  readonly attempts?: number;
  readonly command: Command;
  /** What follows the command; its options as version 5 spells them. */
  readonly args?: readonly string[];
}

/**
 * The arguments of a call. All that the environment could say otherwise (ESPTOOL_CHIP, ESPTOOL_BEFORE, ESPTOOL_FS and
 * so on) is said. Words have underscores up to version 4 and hyphens from 5 on, which still takes underscores but
 * complains.
 */
export function argumentsOf(call: Call, major: number): string[] {
  const spelt = (word: string): string => (major < 5 ? word.replaceAll('-', '_') : word);
  const option = (argument: string): string => (argument.startsWith('--') ? `--${spelt(argument.slice(2))}` : argument);
  return [
    ...['--chip', call.chip, '--port', call.port, '--baud', String(call.baud)],
    ...['--before', spelt(call.before), '--after', spelt(call.after)],
    // The one option whose hyphens are older than version 5.
    ...(call.attempts === undefined ? [] : ['--connect-attempts', String(call.attempts)]),
    spelt(call.command),
    ...(call.args ?? []).map(option),
  ];
}

/** Versions are printed as `esptool.py v4.8.1` and again as `4.8.1`. Undefined where there is none. */
export function versionIn(output: string): { readonly text: string; readonly major: number } | undefined {
  const [, text, major] = /^(?:esptool(?:\.py)? v)?((\d+)\.\d+\S*)$/m.exec(output) ?? [];
  return text === undefined ? undefined : { text, major: Number(major) };
}
