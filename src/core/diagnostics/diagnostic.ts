import { given } from '../given.ts';
import { type Code, codes } from './codes.ts';
import type { Severity } from './level.ts';

/** A place in a text file. Lines and columns count from 1; `length` is the number of columns to mark. */
export interface Place {
  /** Absolute path. */
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly length?: number;
  /** The text of that line, kept where the file was read anyway, so that a report can show it. */
  readonly text?: string;
}

/** Another place that a problem is about: the first of two duplicates, the certificate of a key. */
export interface Related {
  /** What is there, as a clause: `the first one`. */
  readonly message: string;
  readonly place: Place;
}

/** Something to tell the user. Collected along the pipeline, never thrown. */
export interface Diagnostic {
  /** One of `codes`, or that of a check. */
  readonly code: string;
  readonly severity: Severity;
  /** What is wrong, with the numbers, in one line: a line break in it is that of a name, and shown as such. */
  readonly message: string;
  /** Further lines of the message: a list, or what a program said. */
  readonly lines?: readonly string[];
  /** Where: a line in a config or table, or a source file as a whole. */
  readonly place?: Place;
  /** The partition it concerns. */
  readonly partition?: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly related?: readonly Related[];
  /** Numbers that the device prints for it: `-0x2562`. */
  readonly deviceCodes?: readonly string[];
}

export type DiagnosticDetails = Partial<
  Pick<Diagnostic, 'severity' | 'lines' | 'place' | 'partition' | 'hint' | 'related' | 'deviceCodes'>
>;

/** A code with its severity: a check, for example. */
export type Coded = Pick<Diagnostic, 'code' | 'severity'>;

/** Returns a diagnostic with the code's own severity unless told otherwise. A detail that is undefined is not there. */
export function diagnostic(of: Code | Coded, message: string, details: DiagnosticDetails = {}): Diagnostic {
  const { code, severity } = typeof of === 'string' ? { code: of, severity: codes[of].severity } : of;
  return { code, severity, message, ...given(details) };
}

/** Returns the column behind the marked ones, counted from 1; undefined where none are marked. */
export const endColumnOf = ({ column, length }: Place): number | undefined =>
  column === undefined || length === undefined ? undefined : column + length;

/** The message with its further lines. */
export const textOf = ({ message, lines = [] }: Diagnostic): string => [message, ...lines].join('\n');

export const isError = (found: Diagnostic): boolean => found.severity === 'error';
