import type { Diagnostic } from '../core/diagnostics/diagnostic.ts';
import type { Output } from '../core/output.ts';

export interface Style {
  readonly color: boolean;
  readonly verbosity: 'quiet' | 'normal' | 'verbose';
  /** Columns of the terminal; absent where there is none, and lines may be as long as they are. */
  readonly width?: number;
}

/** Results go to `stdout`, messages to `stderr`. */
export interface Streams {
  readonly stdout: Output;
  readonly stderr: Output;
}

/** Result of a command, ready to be printed by any reporter. */
export interface Document {
  readonly command: string;
  readonly cwd: string;
  /** For programs. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** For people. */
  readonly lines: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  /** Fields and lines show the keys that the user asked to see. */
  readonly reveal?: boolean;
  /** Prints it for people, where that takes more than diagnostics and lines: a table as wide as the terminal. */
  readonly pretty?: (style: Style, streams: Streams) => Promise<void>;
}

/** Prints a document. The reporters are the only code that prints one. */
export type Reporter = (document: Document, style: Style, streams: Streams) => void | Promise<void>;
