import { diagnostic } from '../core/diagnostics/diagnostic.ts';
import type { Problems } from '../core/diagnostics/problems.ts';
import type { FlashRequest } from '../flash/flash.ts';
import type { Choice } from '../report/index.ts';
import type { Arguments, Context, Options } from './command.ts';
import { deviceArguments, sessionSurroundings } from './device-options.ts';

/** The options that say how to write to a device, for every command that does. */
export const flashOptions = {
  full: { type: 'boolean', help: 'Write every sector, also those that do not differ' },
  merge: { type: 'boolean', help: 'Keep values that only the device has in its NVS (written by AT+SYSMFG)' },
  overwrite: { type: 'boolean', help: 'Replace them by the image' },
  'update-table': { type: 'boolean', help: 'Write the at_customize table, too, where that of the device differs' },
  'no-backup': { type: 'boolean', help: 'Keep no copy of what is overwritten' },
} as const satisfies Options;

type FlashContext = Pick<Context, 'choose' | 'interruption' | 'clock' | 'now' | 'stderr'>;

/** What the command line asks of a flash. */
export function flashArguments(
  args: Arguments,
  context: FlashContext,
  choice: Choice,
  problems: Problems,
): FlashRequest {
  const device = deviceArguments(args, problems);
  const values: FlashRequest['values'] = args.flag('merge')
    ? 'merge'
    : args.flag('overwrite')
      ? 'overwrite'
      : undefined;
  return {
    device,
    full: args.flag('full'),
    values,
    updateTable: args.flag('update-table'),
    backup: !args.flag('no-backup'),
    now: context.now ?? (() => new Date()),
    ...sessionSurroundings(context, choice),
  };
}

/** Reads what a build or watch is to flash; undefined without --flash. */
export function flashAsked(
  args: Arguments,
  context: FlashContext,
  choice: Choice,
  problems: Problems,
): FlashRequest | undefined {
  if (args.flag('flash')) return flashArguments(args, context, choice, problems);
  // Given a port, the user expects the device to be flashed.
  if (args.text('port') !== undefined) problems.add(diagnostic('usage', '--port is for --flash, which is not there'));
  return undefined;
}
