import type { CodeInfo } from '../core/diagnostics/code.ts';
import type { Place, Related } from '../core/diagnostics/diagnostic.ts';
import type { Severity } from '../core/diagnostics/level.ts';
import type { PkiObject } from '../pki/object.ts';
import type { CheckContext, Slot } from './context.ts';

/** A finding of a check; the runner adds code, partition and place. */
export interface Finding {
  /** The file that it is about; absent where it is about a set as a whole. */
  readonly slot?: Slot;
  /** The object in that file. */
  readonly object?: PkiObject;
  readonly message: string;
  readonly hint?: string;
  /** Default: that of the check. */
  readonly severity?: Severity;
  readonly related?: readonly Related[];
  /** Numbers that the device prints for it: `-0x2562`. */
  readonly deviceCodes?: readonly string[];
}

/** A check with its code. An error that it finds is a problem of the sources. */
export interface Check<Name extends string = string> extends Omit<CodeInfo, 'blame' | 'background'> {
  readonly code: Name;
  /** Looks for one mistake. Pure: it uses the context and nothing else. */
  readonly run: (context: CheckContext) => readonly Finding[];
}

/** Returns a check as it is, with the type of its code. */
export const defineCheck = <const Name extends string>(check: Check<Name>): Check<Name> => check;

/** Returns the place of a slot; with the line of an object where there are several, or where it is faulty. */
export function placeOf({ file, place, identified }: Slot, object?: PkiObject): Place {
  if (place !== undefined) return place;
  const { line, column, problem } = object ?? {};
  const hasLine = line !== undefined && (identified.objects.length > 1 || problem !== undefined);
  return { file, line: hasLine ? line : undefined, column: hasLine && column !== undefined ? column : undefined };
}
