/** The outcome of something that can fail for a reason the user can mend. Exceptions are for bugs. */
export type Result<Value, Failure> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: Failure };

export const ok = <Value>(value: Value): { ok: true; value: Value } => ({ ok: true, value });
export const fail = <Failure>(error: Failure): { ok: false; error: Failure } => ({ ok: false, error });

/** The last arm of an exhaustive switch: compiles only while every case is handled. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}

/** Why bytes are not a valid image: what is wrong and at which offset. */
export interface DecodeProblem {
  readonly message: string;
  /** Bytes from the start of the image. */
  readonly offset: number;
}
