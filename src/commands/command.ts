import type { Clock } from '../core/clock.ts';
import type { Output } from '../core/output.ts';

/** What a command may touch of the process that runs it. Tests hand in their own. */
export interface Context {
  /** Absolute; --cwd is already applied. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** The time of day, which validity is judged by; the system's if absent. */
  readonly now?: () => Date;
  /** The clock that all waits go by; that of the machine if absent. */
  readonly clock?: Clock;
  /** Asks for a password at the terminal, without echo; absent where there is none. */
  readonly askPassword?: (question: string) => Promise<string | undefined>;
  /** Asks at the terminal for one of these, by number or name; absent where there is none. */
  readonly choose?: (question: string, choices: readonly string[]) => Promise<string | undefined>;
  /** The folder in which builds leave their stamps (pipeline/stamp.ts); absent: none is left and none believed. */
  readonly stamps?: string;
  /** Aborts at Ctrl-C. From the first call on that no longer ends the process: the command has to. */
  readonly interruption?: () => AbortSignal;
}

export interface Option {
  readonly type: 'boolean' | 'string';
  readonly short?: string;
  /** May stand more than once. */
  readonly multiple?: true;
  /** Takes everything up to the end of the line. */
  readonly rest?: true;
  /** What its value is called in the help text. */
  readonly value?: string;
  /** The values it takes, where they are few. */
  readonly choices?: readonly string[];
  readonly help: string;
}

export type Options = Readonly<Record<string, Option>>;

/** The options and words of a command line, checked against the command's tables. */
export interface Arguments {
  /** As it was given, without the name of the command. */
  readonly argv: readonly string[];
  readonly words: readonly string[];
  flag(name: string): boolean;
  /** The last one, of an option given more than once. */
  text(name: string): string | undefined;
  /** Every value of an option that may stand more than once, or that takes the rest of the line. */
  texts(name: string): readonly string[];
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** What follows `at-pki` on the usage lines. */
  readonly usage: readonly string[];
  /** A few more sentences for --help. */
  readonly about?: string;
  /** Its own options; the common ones are added unless `standalone`. */
  readonly options: Options;
  /** Takes a reference script's command line as it is: none of the common options but --help. */
  readonly standalone?: true;
  /** `-5` is a word to it, not an option. */
  readonly negativeNumbers?: true;
  /** Pairs of options that contradict each other; those of the common options are known. */
  readonly conflicts?: readonly (readonly [string, string])[];
  /** How many words it takes. */
  readonly words: { readonly min: number; readonly max: number };
  readonly examples: readonly (readonly [command: string, what: string])[];
  run(args: Arguments, context: Context): Promise<number>;
}
