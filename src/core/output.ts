/** A stream that the program prints to: stdout or stderr of the process, or that of a test. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** What programs that are run inherit. */
  readonly fd?: number;
}
