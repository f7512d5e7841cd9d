import type { Severity } from './level.ts';

/**
 * What an error of a code means for the caller's script:
 * `problem` exits 1 (sources, sizes, stale images), `usage` exits 2 (command line, config, tables), `device` exits 3,
 * `interruption` exits 130, as a shell has it of a program that Ctrl-C ended.
 */
export type Blame = 'problem' | 'usage' | 'device' | 'interruption';

/** Explanation of a code, in whole sentences. */
export interface Explanation {
  /** What the code says, and what follows for the device. */
  readonly meaning: string;
  /** How it comes about. */
  readonly cause: string;
  /** Commands and config lines that help. */
  readonly remedy: string;
  /** Where the fact comes from: a document, an RFC, a file of the firmware. */
  readonly source: string;
}

export interface CodeInfo {
  readonly severity: Severity;
  /** Default: `problem`. */
  readonly blame?: Blame;
  /** Shown only under --verbose. */
  readonly background?: true;
  /** Reported only where a severity is given to it. */
  readonly off?: true;
  /** One sentence for the table of codes. */
  readonly summary: string;
  /** The bundler cuts the object out into a file of its own (src/bundle.mjs): no start loads the texts but explain. */
  readonly explain: () => Promise<Explanation>;
}

/** Returns the codes of one subject as they are, each of them with its type. */
export const codesOf = <const Name extends string>(
  codes: Readonly<Record<Name, CodeInfo>>,
): Readonly<Record<Name, CodeInfo>> => codes;
