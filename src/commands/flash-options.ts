import type { Diagnostic } from '../core/diagnostics/diagnostic.ts';
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

/** What the command line asks of a flash. */
export function flashArguments(
  args: Arguments,
  context: Pick<Context, 'choose' | 'interruption' | 'clock' | 'now' | 'stderr'>,
  choice: Choice,
): { readonly value: FlashRequest; readonly diagnostics: readonly Diagnostic[] } {
  const { device, diagnostics } = deviceArguments(args);
  const values: FlashRequest['values'] = args.flag('merge')
    ? 'merge'
    : args.flag('overwrite')
      ? 'overwrite'
      : undefined;
  const value: FlashRequest = {
    device,
    full: args.flag('full'),
    values,
    updateTable: args.flag('update-table'),
    backup: !args.flag('no-backup'),
    now: context.now ?? (() => new Date()),
    ...sessionSurroundings(context, choice),
  };
  return { value, diagnostics };
}
