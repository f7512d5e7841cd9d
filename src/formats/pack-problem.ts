import type { Code } from '../core/diagnostics/codes.ts';

/** Why entries cannot be packed. `entry` is the index of the one at fault, where one is. */
export interface PackProblem {
  readonly code: Code;
  readonly message: string;
  readonly hint?: string;
  readonly entry?: number;
}
