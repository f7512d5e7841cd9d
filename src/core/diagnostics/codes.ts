import type { Blame, CodeInfo } from './code.ts';
import { checkoutCodes } from './codes/checkout.ts';
import { chipCodes } from './codes/chip.ts';
import { commandCodes } from './codes/command.ts';
import { configCodes } from './codes/config.ts';
import { flashCodes } from './codes/flash.ts';
import { imageCodes } from './codes/image.ts';
import { nvsCodes } from './codes/nvs.ts';
import { partitionTableCodes } from './codes/partition-table.ts';
import { portCodes } from './codes/port.ts';
import { serverCodes } from './codes/server.ts';
import { sourceCodes } from './codes/source.ts';

/** Every code that no check raises, by subject. Those of checks are in the files of the checks. */
export const codes = {
  ...commandCodes,
  ...configCodes,
  ...checkoutCodes,
  ...partitionTableCodes,
  ...sourceCodes,
  ...imageCodes,
  ...nvsCodes,
  ...serverCodes,
  ...portCodes,
  ...chipCodes,
  ...flashCodes,
};

/** A code that no check raises. */
export type Code = keyof typeof codes;

const byName: Readonly<Record<string, CodeInfo>> = codes;

/** Returns what is known of a code; undefined where it is a check's, or does not exist. */
export const codeInfo = (code: string): CodeInfo | undefined =>
  Object.hasOwn(byName, code) ? byName[code] : undefined;

/** Returns what an error of a code means to a script. What checks find is a problem of the sources. */
export const blameOf = (code: string): Blame => codeInfo(code)?.blame ?? 'problem';
