import { append } from '../lists.ts';
import type { Diagnostic } from './diagnostic.ts';

/** A list of problems that is handed down along a run: each step adds what it finds, so that their order is that of the run. */
export class Problems {
  readonly #found: Diagnostic[] = [];

  add(problem: Diagnostic): void {
    this.#found.push(problem);
  }

  addAll(problems: Iterable<Diagnostic>): void {
    append(this.#found, problems);
  }

  /** Every problem so far, in the order in which they were found. */
  get all(): readonly Diagnostic[] {
    return this.#found;
  }
}
