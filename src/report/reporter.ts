import type { Output } from '../core/output.ts';
import type { BuildResult } from '../pipeline/result.ts';

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

/** Prints a result. The reporters are the only code that prints one. */
export type Reporter = (result: BuildResult, style: Style, streams: Streams) => void;
